import type { CropRegion } from '../crop-image.js';
import type { ImageFacts } from '../decoded-image.js';
import type { ExifFacts } from '../exif-facts.js';
import type { Size } from '../image.js';
import type { ImageLocation } from '../image-location.js';
import type { ResizeRule } from '../resize-rule.js';

/** An image whose bytes come behind the request, and what messages call it. */
export interface SentName {
  readonly sent: string;
}

export function isSent(location: ImageLocation | SentName): location is SentName {
  return typeof location === 'object' && 'sent' in location;
}

/** What the process that decodes is asked. */
export interface DecodeRequest {
  readonly id: number;
  readonly location: ImageLocation | SentName;
  readonly as: DecodeTarget;
  readonly limits: DecodeLimits;
}

/** What is to become of an image: pixels, or a file of a picture. */
export type DecodeTarget =
  | {
      readonly kind: 'pixels';
      readonly size: Size;
      readonly rule: ResizeRule;
      readonly preview: boolean;
      readonly crop?: CropRegion;
    }
  | { readonly kind: 'webp'; readonly widthPx: number };

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
