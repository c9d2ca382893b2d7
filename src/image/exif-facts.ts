import readExif from 'exif-reader';

/** What a camera notes in a file that people search by. What it does not say is left out. */
export interface ExifFacts {
  /** When it was taken, by the camera's clock: `2024-05-06T07:08:09`, ISO 8601 without a time zone. */
  readonly takenAt?: string;
  /** Make and model. */
  readonly camera?: string;
  readonly lens?: string;
  /** Degrees, north and east positive. */
  readonly latitude?: number;
  readonly longitude?: number;
}

/** Names of what may be known of a picture by its EXIF. */
export const exifFactNames: readonly (keyof ExifFacts)[] = [
  'takenAt',
  'camera',
  'lens',
  'latitude',
  'longitude',
];

type Exif = ReturnType<typeof readExif>;

/**
 * Reads an EXIF block. Cameras and programs write all kinds of things there: what makes no sense is left out, and a block
 * that cannot be read says nothing.
 * @param block as it stands in the file, with or without "Exif" before it
 */
export function exifFacts(block: Uint8Array | undefined): ExifFacts {
  if (block === undefined) return {};
  let exif: Exif;
  try {
    exif = readExif(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  } catch {
    return {};
  }
  const { Image: image, Photo: photo, GPSInfo: gps } = exif;
  const takenAt = timeOf(photo?.DateTimeOriginal) ?? timeOf(photo?.DateTimeDigitized);
  const camera = cameraOf(textOf(image?.Make), textOf(image?.Model));
  const lens = textOf(photo?.LensModel);
  const latitude = degreesOf(gps?.GPSLatitude, gps?.GPSLatitudeRef, 'S', 90);
  const longitude = degreesOf(gps?.GPSLongitude, gps?.GPSLongitudeRef, 'W', 180);
  const isPlace = latitude !== undefined && longitude !== undefined;
  return {
    ...(takenAt !== undefined && { takenAt }),
    ...(camera !== undefined && { camera }),
    ...(lens !== undefined && { lens }),
    // Devices without a position write zeros: a point in the ocean where nobody takes pictures.
    ...(isPlace && (latitude !== 0 || longitude !== 0) && { latitude, longitude }),
  };
}

/** EXIF has no time zone; the reader takes it for UTC. */
function timeOf(value: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const year = value.getUTCFullYear();
  // Clocks that were never set stand at 0000 or 1970-01-01; photographs are from 1826 on.
  return year >= 1826 && year <= 9999 ? value.toISOString().slice(0, 19) : undefined;
}

const longestText = 200;

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Fields are of fixed length, and what is behind the end is anything.
  const text = value
    .split('\0', 1)[0]!
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return text === '' ? undefined : text.slice(0, longestText);
}

/** Many models begin with their make: "Canon", "Canon EOS R5". */
function cameraOf(make: string | undefined, model: string | undefined): string | undefined {
  if (make === undefined || model === undefined) return model ?? make;
  const [first] = make.split(' ');
  return model.toLowerCase().startsWith(first!.toLowerCase()) ? model : `${make} ${model}`;
}

function degreesOf(parts: unknown, reference: unknown, negative: string, most: number): number | undefined {
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [degrees, minutes, seconds] = parts as number[];
  const value = degrees! + minutes! / 60 + seconds! / 3600;
  if (!Number.isFinite(value) || value < 0 || value > most) return undefined;
  const rounded = Math.round(value * 1e6) / 1e6;
  return textOf(reference)?.toUpperCase() === negative ? -rounded : rounded;
}
