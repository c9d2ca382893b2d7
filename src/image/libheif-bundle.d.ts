/** What we use of libheif compiled to WebAssembly; the package's own types do not cover this way of loading it. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  interface Answer {
    readonly code?: unknown;
    readonly message?: string;
  }

  interface Channel {
    readonly stride: number;
    readonly width: number;
    readonly height: number;
    /** A view into the module's memory. */
    readonly data: Uint8Array;
  }

  interface Decoded extends Answer {
    readonly image: unknown;
    readonly width: number;
    readonly height: number;
    readonly channels: readonly Channel[];
  }

  export interface LibHeif {
    readonly HEAPU8: Uint8Array;
    readonly heif_error_code: { readonly heif_error_Ok: unknown };
    readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
    readonly heif_chroma: {
      readonly heif_chroma_interleaved_RGB: unknown;
      readonly heif_chroma_interleaved_RGBA: unknown;
    };
    heif_context_alloc(): unknown;
    heif_context_free(context: unknown): void;
    heif_context_read_from_memory(context: unknown, bytes: Uint8Array): Answer;
    heif_js_context_get_primary_image_handle(context: unknown): Answer;
    heif_image_handle_get_width(handle: unknown): number;
    heif_image_handle_get_height(handle: unknown): number;
    heif_image_handle_has_alpha_channel(handle: unknown): number;
    heif_image_handle_release(handle: unknown): void;
    heif_js_decode_image2(handle: unknown, colourSpace: unknown, chroma: unknown): Decoded | Promise<Decoded>;
    heif_image_release(image: unknown): void;
  }

  export default function libheif(options: {
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<LibHeif>;
}
