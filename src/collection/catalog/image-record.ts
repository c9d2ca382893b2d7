/** What is known of an image beside its pixels: any JSON value by name. */
export type RecordMetadata = Readonly<Record<string, unknown>>;

/** Where the bytes of an image are. Two images of a collection never share a place. */
export interface ImagePlace {
  /** Absolute, of the file, or of the archive; the source's name, of an image that is no file. */
  readonly path: string;
  /** Name in the archive or the source; `''` of a file. */
  readonly entry: string;
}

/** A file as it was when it was looked at: as long as it stays so, it need not be read again. */
export interface FileState {
  /** In bytes; `null` of an image that is no file. */
  readonly size: number | null;
  /** When its bytes were last changed, in milliseconds since 1970. */
  readonly mtime: number | null;
}

/** What the catalog is told of an image. */
export interface NewImage extends ImagePlace, FileState {
  /** Number of the source that it came by. */
  readonly source: number;
  /** What is needed beside the place to read it from an archive, as JSON. */
  readonly archived?: string | null;
  /** Stable, human-readable: a path relative to the source, or what a manifest gives as `id`. */
  readonly name: string;
  /** Hex, over its bytes. */
  readonly sha256: string | null;
  /** Upright, in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly format: string | null;
  readonly label: string | null;
  readonly split: string | null;
  readonly metadata: RecordMetadata;
  /** ISO 8601. Default: now. */
  readonly addedAt?: string;
}

/** An image as the catalog has it. */
export interface ImageRecord extends NewImage {
  /** Positive, and never given to another image. */
  readonly id: number;
  readonly archived: string | null;
  /** ISO 8601. */
  readonly addedAt: string;
  /** Since when its file is gone, ISO 8601; `null` while it is there. Missing images are in no search. */
  readonly missingSince: string | null;
}

/** The place as one text, for maps; the same of what is to be written and of what the catalog has made of it. */
export function placeKey({ path, entry }: ImagePlace): string {
  return (entry === '' ? path : `${path}\0${entry}`).toWellFormed();
}

/** The place as people read it: of an image in an archive, the archive and its own name. */
export function shownPath({ path, entry }: ImagePlace): string {
  return entry === '' ? path : `${path}/${entry}`;
}

/** When its file was last changed, ISO 8601; `null` where that is not known. */
export function modifiedAt({ mtime }: Pick<ImageRecord, 'mtime'>): string | null {
  return mtime === null ? null : new Date(mtime).toISOString();
}

/** The columns of an image in the order of `imageOf`; `images` must not be renamed in the statement. */
export const imageColumns = `images.id, images.path, images.entry, images.size, images.mtime, images.source,
  images.archived, images.name, images.sha256, images.width, images.height, images.format, images.label, images.split,
  json(images.metadata), images.added_at, images.missing_since`;

export type ImageColumns = readonly [
  id: number,
  path: string,
  entry: string,
  size: number | null,
  mtime: number | null,
  source: number,
  archived: string | null,
  name: string,
  sha256: string | null,
  width: number | null,
  height: number | null,
  format: string | null,
  label: string | null,
  split: string | null,
  metadata: RecordMetadata,
  addedAt: string,
  missingSince: string | null,
];

/** A row that was read as `json_array(imageColumns)`. */
export function imageOf([
  id,
  path,
  entry,
  size,
  mtime,
  source,
  archived,
  name,
  sha256,
  width,
  height,
  format,
  label,
  split,
  metadata,
  addedAt,
  missingSince,
]: ImageColumns): ImageRecord {
  return {
    id,
    path,
    entry,
    size,
    mtime,
    source,
    archived,
    name,
    sha256,
    width,
    height,
    format,
    label,
    split,
    metadata,
    addedAt,
    missingSince,
  };
}
