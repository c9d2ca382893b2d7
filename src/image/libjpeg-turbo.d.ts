/** What we use of libjpeg-turbo compiled to WebAssembly; the package brings no types. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    /** 1 for grey, 3 for RGB. */
    readonly componentCount: number;
  }

  interface JpegDecoder {
    /** Room for a file of so many bytes. */
    getEncodedBuffer(length: number): Uint8Array;
    /** Throws a number where libjpeg-turbo has an error or a warning. */
    decode(): void;
    getFrameInfo(): FrameInfo;
    /** A view into the module's memory: uint8 [height, width, componentCount]. */
    getDecodedBuffer(): Uint8ClampedArray;
  }

  interface LibJpegTurbo {
    readonly JPEGDecoder: new () => JpegDecoder;
  }

  interface Output {
    print(text: string): void;
    printErr(text: string): void;
  }

  export type { JpegDecoder };
  export default function libJpegTurbo(output: Output): Promise<LibJpegTurbo>;
}
