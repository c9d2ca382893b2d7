import type { Pooling } from '../../engine/index.js';
import type { PerColour, Preprocessing } from './backbone-spec.js';

/** A model that can be named: where it lies on the Hugging Face hub, and how it is used. */
export interface KnownBackbone {
  readonly name: string;
  readonly title: string;
  /** Of its weights; an SPDX name where there is one. */
  readonly license: string;
  readonly repository: string;
  readonly file: string;
  /** Of the file to download, about. */
  readonly bytes: number;
  /** Length of its vectors. */
  readonly dimension: number;
  readonly output: string;
  readonly pooling: Pooling;
  /** As its `preprocessor_config.json` has it, which counts where it is there. */
  readonly preprocessing: Preprocessing;
}

const imageNet = { mean: [0.485, 0.456, 0.406] as PerColour, std: [0.229, 0.224, 0.225] as PerColour };
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073] as PerColour,
  std: [0.26862954, 0.26130258, 0.27577711] as PerColour,
};
const half = { mean: [0.5, 0.5, 0.5] as PerColour, std: [0.5, 0.5, 0.5] as PerColour };
const none = { mean: [0, 0, 0] as PerColour, std: [1, 1, 1] as PerColour };
const ofBytes = { rescale: 1 / 255, channels: 'rgb' } as const;
const square = (side: number) => ({ inputSize: { width: side, height: side } });

const dino = {
  license: 'Apache-2.0',
  file: 'onnx/model.onnx',
  output: 'last_hidden_state',
  pooling: 'cls',
  preprocessing: {
    ...ofBytes,
    ...imageNet,
    ...square(224),
    resize: { fit: 'cover', filter: 'bicubic', shorterSide: 256 },
  },
} as const;

const clipTower = {
  license: 'MIT',
  file: 'onnx/vision_model.onnx',
  dimension: 512,
  output: 'image_embeds',
  pooling: 'pooled',
  preprocessing: { ...ofBytes, ...clip, ...square(224), resize: { fit: 'cover', filter: 'bicubic' } },
} as const;

const siglipTower = {
  license: 'Apache-2.0',
  file: 'onnx/vision_model.onnx',
  dimension: 768,
  output: 'pooler_output',
  pooling: 'pooled',
} as const;

/** Exports of others, as they were when this was written. */
export const knownBackbones: readonly KnownBackbone[] = [
  {
    ...dino,
    name: 'dinov2-small',
    title: 'DINOv2 ViT-S/14',
    repository: 'Xenova/dinov2-small',
    bytes: 88_500_000,
    dimension: 384,
  },
  {
    ...dino,
    name: 'dinov2-base',
    title: 'DINOv2 ViT-B/14',
    repository: 'Xenova/dinov2-base',
    bytes: 346_600_000,
    dimension: 768,
  },
  {
    ...dino,
    name: 'dinov2-small-registers',
    title: 'DINOv2 ViT-S/14 with registers',
    repository: 'onnx-community/dinov2-with-registers-small',
    bytes: 88_500_000,
    dimension: 384,
  },
  {
    ...dino,
    name: 'dinov2-base-registers',
    title: 'DINOv2 ViT-B/14 with registers',
    repository: 'onnx-community/dinov2-with-registers-base',
    bytes: 347_000_000,
    dimension: 768,
  },
  {
    ...clipTower,
    name: 'clip-vit-b32',
    title: 'CLIP ViT-B/32, image tower',
    repository: 'Xenova/clip-vit-base-patch32',
    bytes: 352_000_000,
  },
  {
    ...clipTower,
    name: 'clip-vit-b16',
    title: 'CLIP ViT-B/16, image tower',
    repository: 'Xenova/clip-vit-base-patch16',
    bytes: 345_000_000,
  },
  {
    ...siglipTower,
    name: 'siglip-base',
    title: 'SigLIP ViT-B/16, image tower',
    repository: 'Xenova/siglip-base-patch16-224',
    bytes: 371_800_000,
    preprocessing: { ...ofBytes, ...half, ...square(224), resize: { fit: 'stretch', filter: 'bicubic' } },
  },
  {
    ...siglipTower,
    name: 'siglip2-base',
    title: 'SigLIP 2 ViT-B/16, image tower',
    repository: 'onnx-community/siglip2-base-patch16-224-ONNX',
    bytes: 372_000_000,
    preprocessing: { ...ofBytes, ...half, ...square(224), resize: { fit: 'stretch', filter: 'bilinear' } },
  },
  {
    name: 'mobileclip-s0',
    title: 'MobileCLIP-S0, image tower',
    license: 'Apple AMLR (research only)',
    repository: 'Xenova/mobileclip_s0',
    file: 'onnx/vision_model.onnx',
    bytes: 45_500_000,
    dimension: 512,
    output: 'image_embeds',
    pooling: 'pooled',
    preprocessing: { ...ofBytes, ...none, ...square(256), resize: { fit: 'cover', filter: 'bilinear' } },
  },
  {
    name: 'mobilenet-v2',
    title: 'MobileNetV2 1.0, before its classifier',
    license: 'other (see google/mobilenet_v2_1.0_224)',
    repository: 'onnx-community/mobilenet_v2_1.0_224',
    file: 'onnx/model.onnx',
    bytes: 14_000_000,
    dimension: 1280,
    output: 'penultimate',
    pooling: 'pooled',
    preprocessing: {
      ...ofBytes,
      ...half,
      ...square(224),
      resize: { fit: 'cover', filter: 'bilinear', shorterSide: 256 },
    },
  },
];

export function knownBackbone(name: string): KnownBackbone | undefined {
  return knownBackbones.find((known) => known.name === name);
}

/** The known model that a file of the hub is, by its repository and name in it. */
export function knownBackboneAt(repository: string, file?: string): KnownBackbone | undefined {
  return knownBackbones.find(
    (known) => known.repository === repository && (file === undefined || known.file === file),
  );
}
