import { describe, expect, it } from 'vitest';
import type { BackboneFlags } from './backbone-spec.js';
import { readPreprocessing } from './preprocessor-config.js';

const read = (value: unknown, flags?: BackboneFlags) => readPreprocessing(value, 'p.json', flags);
const square = (side: number) => ({ width: side, height: side });
const byte = 1 / 255;

describe('preprocessor_config.json', () => {
  it('of DINOv2: shorter side, then a crop', () => {
    const config = {
      image_processor_type: 'BitImageProcessor',
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_convert_rgb: true,
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      rescale_factor: 0.00392156862745098,
      size: { shortest_edge: 256 },
    };
    expect(read(config)).toEqual({
      inputSize: square(224),
      resize: { fit: 'cover', filter: 'bicubic', shorterSide: 256 },
      rescale: 0.00392156862745098,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      channels: 'rgb',
    });
  });

  it.each([
    [
      'CLIP as it was written once, with its defaults',
      { feature_extractor_type: 'CLIPFeatureExtractor', size: 224, crop_size: 224, do_center_crop: true },
      {
        inputSize: square(224),
        resize: { fit: 'cover', filter: 'bicubic' },
        rescale: byte,
        mean: [0.48145466, 0.4578275, 0.40821073],
      },
    ],
    [
      'SigLIP: each axis by itself',
      {
        image_processor_type: 'SiglipImageProcessor',
        size: { height: 224, width: 224 },
        resample: 3,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      },
      { inputSize: square(224), resize: { fit: 'stretch', filter: 'bicubic' }, mean: [0.5, 0.5, 0.5] },
    ],
    [
      'ViT, whose single number is a square',
      { feature_extractor_type: 'ViTFeatureExtractor', size: 384, resample: 2 },
      { inputSize: square(384), resize: { fit: 'stretch', filter: 'bilinear' }, std: [0.5, 0.5, 0.5] },
    ],
    [
      'MobileNetV2',
      {
        image_processor_type: 'MobileNetV2ImageProcessor',
        size: { shortest_edge: 256 },
        crop_size: { height: 224, width: 224 },
        resample: 2,
      },
      { inputSize: square(224), resize: { fit: 'cover', filter: 'bilinear', shorterSide: 256 } },
    ],
    [
      'ConvNeXT below 384: a crop of 0.875',
      {
        feature_extractor_type: 'ConvNextFeatureExtractor',
        size: { shortest_edge: 224 },
        crop_pct: 0.875,
        resample: 3,
      },
      { inputSize: square(224), resize: { fit: 'cover', filter: 'bicubic', shorterSide: 256 } },
    ],
    [
      'ConvNeXT from 384 on: no crop',
      { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 } },
      { inputSize: square(384), resize: { fit: 'stretch', filter: 'bicubic' } },
    ],
    [
      'MobileCLIP, which has no means',
      {
        image_processor_type: 'CLIPImageProcessor',
        size: { shortest_edge: 256 },
        crop_size: { height: 256, width: 256 },
        do_normalize: false,
        resample: 2,
      },
      { inputSize: square(256), mean: [0, 0, 0], std: [1, 1, 1], rescale: byte },
    ],
    [
      'MobileViT: blue first',
      {
        image_processor_type: 'MobileViTImageProcessor',
        size: { shortest_edge: 288 },
        crop_size: { height: 256, width: 256 },
      },
      { channels: 'bgr', mean: [0, 0, 0], resize: { fit: 'cover', filter: 'bilinear', shorterSide: 288 } },
    ],
    [
      'EfficientNet, which divides twice before a classifier',
      {
        image_processor_type: 'EfficientNetImageProcessor',
        size: { height: 260, width: 260 },
        resample: 2,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.4, 0.2],
      },
      { inputSize: square(260), mean: [0.5, 0.5, 0.5], std: [0.25, 0.4 * 0.4, 0.2 * 0.2] },
    ],
    [
      'values left as bytes',
      { size: { height: 32, width: 48 }, do_rescale: false, do_normalize: false },
      { inputSize: { width: 48, height: 32 }, rescale: 1, mean: [0, 0, 0] },
    ],
    [
      'the images of a model for images and texts',
      { image_processor: { image_processor_type: 'ViTImageProcessor', size: { height: 64, width: 64 } } },
      { inputSize: square(64) },
    ],
  ])('%s', (_, config, expected) => {
    expect(read(config)).toMatchObject(expected);
  });

  it('takes an offset as EfficientNet means it: (v − 127.5) · factor', () => {
    const { rescale, mean, std } = read({
      image_processor_type: 'EfficientNetImageProcessor',
      size: 64,
      resample: 3,
      rescale_factor: 1 / 127.5,
      rescale_offset: true,
      do_normalize: false,
    });
    for (const [value, wanted] of [
      [0, -1],
      [127.5, 0],
      [255, 1],
    ] as const)
      expect((value * rescale - mean[0]) / std[0]).toBeCloseTo(wanted, 12);
  });

  it.each([
    [
      'a kernel that is not offered',
      { image_processor_type: 'EfficientNetImageProcessor', size: 64 },
      /p\.json: resample: expected .*got 0, its default; choose the nearest with --filter/,
    ],
    [
      'a crop after each axis was scaled by itself',
      {
        size: { height: 256, width: 256 },
        crop_size: 224,
        do_center_crop: true,
        image_mean: [0, 0, 0],
        image_std: [1, 1, 1],
      },
      /size: expected a shorter side.*--resize cover --shorter-side 256/,
    ],
    [
      'no resize',
      { image_processor_type: 'ViTImageProcessor', do_resize: false },
      /do_resize: expected true, got false; say how with --resize/,
    ],
    [
      'a crop larger than what is cropped',
      { image_processor_type: 'CLIPImageProcessor', size: 224, crop_size: 256 },
      /crop_size: expected at most the shorter side, 224, got 256/,
    ],
    [
      'no means where the processor is not known',
      { size: { height: 8, width: 8 } },
      /image_mean: expected three numbers, got nothing; give --mean and --std/,
    ],
    ['means of another number', { size: 8, image_mean: [0.5] }, /image_mean/],
    ['a list', [], /p\.json: expected an object/],
  ])('refuses %s', (_, config, message) => {
    expect(() => read(config)).toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringMatching(message) }),
    );
  });

  it('lets flags say what cannot be followed', () => {
    const config = { image_processor_type: 'EfficientNetImageProcessor', size: 64 };
    expect(read(config, { filter: 'bicubic' }).resize).toEqual({ fit: 'stretch', filter: 'bicubic' });
    const cropped = {
      image_processor_type: 'DeiTImageProcessor',
      size: { height: 256, width: 256 },
      crop_size: 224,
    };
    expect(read(cropped, { fit: 'cover', shorterSide: 256 })).toMatchObject({
      inputSize: square(224),
      resize: { fit: 'cover' },
    });
  });
});
