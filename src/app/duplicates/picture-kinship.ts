import { createHash } from 'node:crypto';
import { hashDistance, type PerceptualPrint } from '../../image/perceptual-hash.js';
import { colourDifference, printLikeness } from '../../image/print-likeness.js';
import { type NearHashesOptions, nearHashes } from './near-hashes.js';

/** From here on two pictures, laid over each other, are one: see docs/guide/data-check.md for what was measured. */
export const samePicture = { correlation: 0.95, worstCell: 0.5, colour: 14 } as const;

/** Of frames of a standing camera every one is near to every other: pairs are noted up to this many of a picture. */
const mostKin = 1000;

/** Another picture that shows the same, and by how many bits their hashes differ. */
export interface Kin {
  readonly picture: number;
  readonly distance: number;
}

/**
 * Which images show the same picture. Images of equal prints are one "picture", so that a thousand copies of a file are
 * no million pairs; between pictures stand the pairs that are near.
 */
export class PictureKinship {
  /** int32 [images]: the picture that each image shows. */
  readonly pictureOf: Int32Array;
  /** The images of each picture, in their order. */
  readonly imagesOf: readonly (readonly number[])[];
  private readonly kin = new Map<number, Kin[]>();

  private constructor(private readonly prints: readonly PerceptualPrint[]) {
    this.pictureOf = new Int32Array(prints.length);
    const imagesOf: number[][] = [];
    const pictures = new Map<string, number>();
    for (const [image, { luma, chroma }] of prints.entries()) {
      const key = createHash('sha1').update(luma).update(chroma).digest('base64');
      const picture = pictures.get(key) ?? imagesOf.push([]) - 1;
      pictures.set(key, picture);
      imagesOf[picture]!.push(image);
      this.pictureOf[image] = picture;
    }
    this.imagesOf = imagesOf;
  }

  /**
   * Hashes within `distance` name those that may show the same; the prints, laid over each other, tell whether they do.
   * @param also further pairs of images that may, such as nearest neighbours by a model
   */
  static async among(
    prints: readonly PerceptualPrint[],
    distance: number,
    also: Iterable<readonly [number, number]> = [],
    options: NearHashesOptions = {},
  ): Promise<PictureKinship> {
    const kinship = new PictureKinship(prints);
    const hashes = new Uint32Array(2 * kinship.imagesOf.length);
    for (const picture of kinship.imagesOf.keys()) hashes.set(kinship.printOf(picture).hash, 2 * picture);
    await nearHashes(hashes, distance, (a, b) => kinship.compare(a, b), options);
    for (const [i, j] of also) {
      const [a, b] = [kinship.pictureOf[i]!, kinship.pictureOf[j]!];
      if (a !== b && !kinship.kinOf(a).some(({ picture }) => picture === b)) kinship.compare(a, b);
    }
    return kinship;
  }

  /** Other pictures that show the same as this one. */
  kinOf(picture: number): readonly Kin[] {
    return this.kin.get(picture) ?? [];
  }

  /** Whether two images show the same. */
  areKin(i: number, j: number): boolean {
    const [a, b] = [this.pictureOf[i]!, this.pictureOf[j]!];
    return a === b || this.kinOf(a).some(({ picture }) => picture === b);
  }

  /** All pairs of pictures that show the same, each once. */
  *pairs(): Generator<{ readonly a: number; readonly b: number; readonly distance: number }> {
    for (const [a, kin] of this.kin)
      for (const { picture: b, distance } of kin) if (a < b) yield { a, b, distance };
  }

  private printOf(picture: number): PerceptualPrint {
    return this.prints[this.imagesOf[picture]![0]!]!;
  }

  private compare(a: number, b: number): void {
    if (this.kinOf(a).length >= mostKin || this.kinOf(b).length >= mostKin) return;
    const [one, other] = [this.printOf(a), this.printOf(b)];
    // Colours first: they are compared in no time, and most that only have alike hashes differ in them.
    if (colourDifference(one, other) > samePicture.colour) return;
    // Either laid over the other: which way a border is moved may make two like pictures one, but not both ways do.
    if (!isLaidOver(one, other) || !isLaidOver(other, one)) return;
    const distance = hashDistance(one.hash, other.hash);
    this.link(a, { picture: b, distance });
    this.link(b, { picture: a, distance });
  }

  private link(from: number, to: Kin): void {
    const known = this.kin.get(from);
    if (known) known.push(to);
    else this.kin.set(from, [to]);
  }
}

function isLaidOver(one: PerceptualPrint, other: PerceptualPrint): boolean {
  const { correlation, worstCell } = printLikeness(one, other);
  return correlation >= samePicture.correlation && worstCell <= samePicture.worstCell;
}
