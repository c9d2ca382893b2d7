import type { ImageFacts } from '../decoded-image.js';
import type { ExifFacts } from '../exif-facts.js';
import type { Size } from '../image.js';
import type { ImageLocation } from '../image-location.js';
import type { ResizeRule } from '../resize-rule.js';

/** What the process that decodes is asked. */
export interface DecodeRequest {
  readonly id: number;
  readonly location: ImageLocation;
  readonly size: Size;
  readonly rule: ResizeRule;
  readonly preview: boolean;
  readonly limits: DecodeLimits;
}

export interface DecodeLimits {
  readonly maxPixels: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Of a preview, what stands in the message: its bytes follow the pixels, the thumbnail before the print. */
export interface PreviewHead {
  readonly thumbnailBytes: number;
  readonly printBytes: number;
  readonly exif: ExifFacts;
}

/** What it says. The pixels of a decoded image follow behind it, and its preview. */
export type DecodeMessage =
  | { readonly kind: 'ready' }
  /** From here on it hears nothing until this image is done. */
  | { readonly kind: 'blocked'; readonly id: number }
  | {
      readonly kind: 'decoded';
      readonly id: number;
      readonly facts: ImageFacts;
      readonly preview?: PreviewHead;
    }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: 'image-undecodable' | 'file-not-found';
      /** Whether it may decode another time. */
      readonly passing: boolean;
      readonly reason: string;
    }
  /** A mistake of ours, not the image's. */
  | { readonly kind: 'bug'; readonly id: number; readonly stack: string };
