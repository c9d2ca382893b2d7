import { type Static, Type } from '@sinclair/typebox';
import { type JsonPlace, placeAt, requireJson, shownJson, wrongJson } from '../../core/check-json.js';
import type { Size } from '../../image/image.js';
import type { Fit, ResizeFilter, ResizeRule } from '../../image/resize-rule.js';
import type { BackboneFlags, PerColour, Preprocessing } from './backbone-spec.js';

/**
 * The `preprocessor_config.json` of models for Hugging Face's transformers: what its image processors do to an image, as far
 * as it is a resize to one size and a linear map of values. A key that is left out has the default of its processor.
 */

const edges = Type.Object({
  height: Type.Optional(Type.Integer({ minimum: 1 })),
  width: Type.Optional(Type.Integer({ minimum: 1 })),
  shortest_edge: Type.Optional(Type.Integer({ minimum: 1 })),
});
const size = Type.Union([Type.Integer({ minimum: 1 }), edges]);
const flag = Type.Optional(Type.Union([Type.Boolean(), Type.Null()]));
const colours = Type.Optional(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }));
const config = Type.Object({
  image_processor_type: Type.Optional(Type.String()),
  feature_extractor_type: Type.Optional(Type.String()),
  size: Type.Optional(size),
  crop_size: Type.Optional(Type.Union([size, Type.Null()])),
  crop_pct: Type.Optional(Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 1 }), Type.Null()])),
  resample: Type.Optional(Type.Integer()),
  do_resize: flag,
  do_center_crop: flag,
  do_rescale: flag,
  rescale_factor: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  rescale_offset: flag,
  offset: flag,
  do_normalize: flag,
  image_mean: colours,
  image_std: colours,
  include_top: flag,
  do_flip_channel_order: flag,
});
type Config = Static<typeof config>;

interface Defaults {
  readonly size: number;
  /** Whether a single number is the side of a square that images are stretched to; else it is that of their shorter side. */
  readonly isSquare: boolean;
  /** The crop that is made unless the file says otherwise. */
  readonly crop?: number;
  readonly filter: ResizeFilter | 'nearest';
  readonly mean?: PerColour;
  readonly std?: PerColour;
}

const half: PerColour = [0.5, 0.5, 0.5];
const imageNet = {
  mean: [0.485, 0.456, 0.406] as PerColour,
  std: [0.229, 0.224, 0.225] as PerColour,
};
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073] as PerColour,
  std: [0.26862954, 0.26130258, 0.27577711] as PerColour,
};

/** Defaults of the processors, by the beginnings of their names: `CLIPImageProcessor`, `CLIPFeatureExtractor`. */
const processors: Readonly<Record<string, Defaults>> = {
  CLIP: { size: 224, isSquare: false, crop: 224, filter: 'bicubic', ...clip },
  Bit: { size: 224, isSquare: false, crop: 224, filter: 'bicubic', ...clip },
  Siglip: { size: 224, isSquare: true, filter: 'bicubic', mean: half, std: half },
  ViT: { size: 224, isSquare: true, filter: 'bilinear', mean: half, std: half },
  DeiT: { size: 256, isSquare: true, crop: 224, filter: 'bicubic', ...imageNet },
  MobileNetV1: { size: 256, isSquare: false, crop: 224, filter: 'bilinear', mean: half, std: half },
  MobileNetV2: { size: 256, isSquare: false, crop: 224, filter: 'bilinear', mean: half, std: half },
  MobileViT: { size: 224, isSquare: false, crop: 256, filter: 'bilinear' },
  ConvNext: { size: 384, isSquare: false, filter: 'bicubic', ...imageNet },
  EfficientNet: { size: 346, isSquare: true, filter: 'nearest', ...imageNet },
};

const filters: Readonly<Record<number, ResizeFilter>> = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

/**
 * Reads a `preprocessor_config.json`.
 * @param flags what is given by hand, which may be what the file says in a way that cannot be followed
 * @throws `wrong-usage` that names the key at fault
 */
export function readPreprocessing(
  value: unknown,
  document: string,
  flags: BackboneFlags = {},
): Preprocessing {
  const place: JsonPlace = { document, path: [] };
  // Processors of models for images and texts have that of images inside.
  const outer = value as { readonly image_processor?: unknown } | null;
  const written = typeof outer === 'object' && outer?.image_processor ? outer.image_processor : value;
  requireJson(config, written, place);
  const given = written as Config;
  const type = given.image_processor_type ?? given.feature_extractor_type ?? '';
  const name = type.replace(/(ImageProcessor|FeatureExtractor).*$/, '').replace(/ConvNeXT/i, 'ConvNext');
  const defaults = processors[name];
  return {
    ...geometry(given, name, defaults, place, flags),
    ...values(given, name, defaults, place, flags),
    channels: (given.do_flip_channel_order ?? name === 'MobileViT') ? 'bgr' : 'rgb',
  };
}

function geometry(
  given: Config,
  name: string,
  defaults: Defaults | undefined,
  place: JsonPlace,
  flags: BackboneFlags,
): { readonly inputSize: Size; readonly resize: ResizeRule } {
  const filter = flags.filter ?? filterOf(given, defaults, place);
  const crops = given.do_center_crop ?? (given.crop_size != null || defaults?.crop !== undefined);
  const crop = crops
    ? squareOrSize(given.crop_size ?? defaults?.crop, placeAt(place, 'crop_size'))
    : undefined;
  const to = given.size ?? defaults?.size ?? flags.inputSize;
  if (to === undefined) throw wrongJson(placeAt(place, 'size'), 'a size', 'nothing', 'give --input-size');
  const isSquare = defaults?.isSquare ?? crop === undefined;
  const shortest = typeof to === 'number' ? (isSquare ? undefined : to) : shortestEdge(to);
  const rule = (fit: Fit, inputSize: Size, shorterSide?: number) => ({
    inputSize: flags.inputSize ?? inputSize,
    resize: { fit, filter, ...(shorterSide !== undefined && { shorterSide }) },
  });
  if (given.do_resize === false && flags.fit === undefined)
    throw wrongJson(placeAt(place, 'do_resize'), 'true', 'false', 'say how with --resize');
  if (name === 'ConvNext' && shortest !== undefined) {
    const square = { width: shortest, height: shortest };
    if (shortest >= 384) return rule('stretch', square);
    return rule('cover', square, Math.trunc(shortest / (given.crop_pct ?? 224 / 256)));
  }
  if (shortest === undefined) {
    const whole = squareOrSize(to, placeAt(place, 'size'));
    const isCropped = crop !== undefined && (crop.width !== whole.width || crop.height !== whole.height);
    if (!isCropped) return rule('stretch', whole);
    if (flags.fit !== undefined) return rule(flags.fit, crop);
    throw wrongJson(
      placeAt(place, 'size'),
      'a shorter side where the centre is cropped',
      shownJson(to),
      `give --resize cover --shorter-side ${whole.height}, which is the nearest to it`,
    );
  }
  if (crop === undefined) {
    // Without a crop the proportions of an image stay, and a model takes only one.
    if (flags.fit !== undefined || flags.inputSize !== undefined)
      return rule('cover', { width: shortest, height: shortest });
    throw wrongJson(place, 'a crop_size or a size with height and width', shownJson(to), 'give --resize');
  }
  const needed = Math.max(crop.width, crop.height);
  if (shortest < needed && flags.fit === undefined && flags.shorterSide === undefined)
    throw wrongJson(
      placeAt(place, 'crop_size'),
      `at most the shorter side, ${shortest}`,
      String(needed),
      'give --shorter-side',
    );
  return rule('cover', crop, shortest === needed ? undefined : shortest);
}

/** The shorter side that a size names, where it names no height and width. */
function shortestEdge(to: Exclude<Config['size'], number | undefined> | Size): number | undefined {
  return 'shortest_edge' in to ? to.shortest_edge : undefined;
}

function squareOrSize(given: Config['crop_size'] | Size, place: JsonPlace): Size {
  if (typeof given === 'number') return { width: given, height: given };
  const { width, height, shortest_edge: side }: Static<typeof edges> = given ?? {};
  if (width !== undefined && height !== undefined) return { width, height };
  if (side !== undefined) return { width: side, height: side };
  throw wrongJson(place, 'a height and a width', shownJson(given), 'give --input-size and --resize');
}

function filterOf(given: Config, defaults: Defaults | undefined, place: JsonPlace): ResizeFilter {
  const filter = given.resample === undefined ? (defaults?.filter ?? 'bilinear') : filters[given.resample];
  if (filter !== undefined && filter !== 'nearest') return filter;
  throw wrongJson(
    placeAt(place, 'resample'),
    '1 (Lanczos), 2 (bilinear) or 3 (bicubic)',
    String(given.resample ?? '0, its default'),
    'choose the nearest with --filter',
  );
}

function values(
  given: Config,
  name: string,
  defaults: Defaults | undefined,
  place: JsonPlace,
  flags: BackboneFlags,
): Pick<Preprocessing, 'rescale' | 'mean' | 'std'> {
  const rescale = given.do_rescale === false ? 1 : (given.rescale_factor ?? 1 / 255);
  // MobileViT's processor has no such step at all.
  const normalizes = given.do_normalize ?? name !== 'MobileViT';
  const of = (key: 'image_mean' | 'image_std', wish: unknown, fallback: PerColour | undefined): PerColour => {
    const found = (given[key] as PerColour | undefined) ?? fallback;
    if (found !== undefined) return found;
    if (wish !== undefined) return [0, 0, 0];
    throw wrongJson(placeAt(place, key), 'three numbers', 'nothing', 'give --mean and --std');
  };
  let mean: PerColour = [0, 0, 0];
  let std: PerColour = [1, 1, 1];
  if (normalizes) {
    mean = of('image_mean', flags.mean, defaults?.mean);
    std = of('image_std', flags.std, defaults?.std);
    if (std.some((deviation) => deviation === 0) && flags.std === undefined)
      throw wrongJson(placeAt(place, 'image_std'), 'numbers other than 0', shownJson(std));
  }
  // (v − 127.5) · rescale.
  if (given.rescale_offset ?? given.offset) mean = map(mean, (each) => each + 127.5 * rescale);
  // EfficientNet's processor divides by the deviation twice where a classifier follows.
  if (name === 'EfficientNet' && normalizes && (given.include_top ?? true))
    std = map(std, (each) => each * each);
  return { rescale, mean, std };
}

function map([r, g, b]: PerColour, change: (value: number) => number): PerColour {
  return [change(r), change(g), change(b)];
}
