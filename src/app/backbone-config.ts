import { Type } from '@sinclair/typebox';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import type { ModelFile } from '../embedding/model-file.js';
import { openModel } from '../embedding/open-model.js';
import { poolings } from './backbone-flags.js';

const { Optional } = Type;
const closed = { additionalProperties: false };
const count = (minimum: number) => Optional(Type.Integer({ minimum }));
const oneOf = <Name extends string>(...names: readonly Name[]) =>
  Optional(Type.Union(names.map((name) => Type.Literal(name))));
const perColour = Optional(Type.Tuple([Type.Number(), Type.Number(), Type.Number()]));

const written = Type.Object(
  {
    model: Type.String({ minLength: 1, description: 'Path of a model file or of any ONNX file.' }),
    preprocessing: Optional(Type.String({ description: 'Path of a preprocessor_config.json.' })),
    inputSize: Optional(
      Type.Object({ width: Type.Integer({ minimum: 1 }), height: Type.Integer({ minimum: 1 }) }, closed),
    ),
    fit: oneOf('cover', 'contain', 'stretch'),
    filter: oneOf('bilinear', 'bicubic', 'lanczos'),
    shorterSide: count(1),
    rescale: Optional(Type.Number({ exclusiveMinimum: 0 })),
    mean: perColour,
    std: perColour,
    channels: oneOf('rgb', 'bgr'),
    output: Optional(Type.String()),
    pooling: oneOf(...poolings),
    skipTokens: count(0),
  },
  { ...closed, description: 'A model from elsewhere, and how it is to be used.' },
);

/** A backbone in `train.json`: its path, or with how it is to be used. */
export const backboneSchema = Type.Union([Type.String({ minLength: 1 }), written], {
  description: 'A model that stays as it is, and whose embeddings a head is trained on.',
});
export type BackboneConfig = string | ({ readonly model: string } & BackboneFlags);

/** A backbone that was found, and the way to it. */
export interface ResolvedBackbone {
  readonly config: BackboneConfig;
  readonly path: string;
  readonly model: ModelFile;
}

/** @throws the errors of `openModel` */
export async function openBackbone(config: BackboneConfig): Promise<ResolvedBackbone> {
  const { model: path, ...flags } = typeof config === 'string' ? { model: config } : config;
  return { config, path, model: await openModel(path, { backbone: flags }) };
}
