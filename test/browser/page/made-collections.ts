import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { realData } from '../../fixtures/real-data.js';
import { tinyModel } from '../../fixtures/tiny-model.js';
import { writeVariedPictures } from '../../fixtures/varied-pictures.js';

/** What the page is tested on. Paths are absolute; names are relative to `pictures`. */
export interface MadeCollection {
  /** The folder of the collection. */
  readonly directory: string;
  /** The folder with a folder of pictures for each class. */
  readonly pictures: string;
  readonly classes: readonly string[];
  readonly images: number;
  /** Three files of the same bytes. */
  readonly exact: readonly [string, string, string];
  /** A picture, and the same smaller and compressed anew. */
  readonly near: readonly (readonly [string, string])[];
  readonly mislabelled: { readonly name: string; readonly label: string; readonly was: string };
  /** A file that does not decode. */
  readonly broken: string;
}

export interface TestPictures {
  /** Whether they are photographs and an embedding that tells their classes apart. */
  readonly real: boolean;
  /** A folder for each class. */
  readonly directory: string;
  readonly model: string;
  /** How the model wants its pixels. */
  readonly modelFlags: readonly string[];
}

/** Photographs and a MobileNet where they are there; else drawn pictures and a network that nobody trained. */
export async function testPictures(root: string): Promise<TestPictures> {
  const photos = realData('data', 'photos');
  const mobilenet = realData('models', 'mobilenetv2-0.35-224.onnx');
  if (!photos.absent && !mobilenet.absent) {
    const modelFlags = ['--mean', '0.5', '--std', '0.5'];
    return { real: true, directory: photos.path, model: mobilenet.path, modelFlags };
  }
  const directory = join(root, 'drawn');
  await writeVariedPictures(directory, 24, 1);
  const model = join(root, 'tiny.onnx');
  await writeFile(model, tinyModel());
  return { real: false, directory, model, modelFlags: [] };
}

/**
 * Writes the pictures of a collection: of each of some classes the first few, and among them copies, nearly the same
 * pictures, one with a wrong label and one broken file. The collection is to be made of them.
 */
export async function writePictures(
  from: string,
  root: string,
  name: string,
  { classes: most, perClass }: { readonly classes: number; readonly perClass: number },
): Promise<MadeCollection> {
  const pictures = join(root, name);
  const classes = (await readdir(from)).sort().slice(0, most);
  const at = (path: string) => join(pictures, path);
  const files = new Map<string, string[]>();
  for (const label of classes) {
    await mkdir(at(label), { recursive: true });
    const names = (await readdir(join(from, label))).sort().slice(0, perClass);
    for (const file of names) await copyFile(join(from, label, file), at(`${label}/${file}`));
    files.set(
      label,
      names.map((file) => `${label}/${file}`),
    );
  }
  const [first, second, third] = classes as [string, string, string];
  const exact = [files.get(first)![0]!, `${first}/copy-1.jpg`, `${first}/copy-2.jpg`] as const;
  for (const copy of exact.slice(1)) await copyFile(at(exact[0]), at(copy));

  const near = [second, third].map((label) => {
    return [files.get(label)![1]!, `${label}/small.jpg`] as const;
  });
  for (const [original, smaller] of near) {
    const { width } = await sharp(at(original)).metadata();
    await sharp(at(original))
      .resize(Math.round(width * 0.6))
      .jpeg({ quality: 60 })
      .toFile(at(smaller));
  }
  const mislabelled = { name: `${second}/mislabelled.jpg`, label: second, was: third };
  await copyFile(await heldOut(from, third, 1), at(mislabelled.name));
  const broken = `${first}/broken.jpg`;
  await writeFile(at(broken), (await readFile(at(exact[0]))).subarray(0, 2000));
  return {
    directory: join(root, `${name}.kin`),
    pictures,
    classes,
    images: classes.length * perClass + 2 + 2 + 1,
    exact,
    near,
    mislabelled,
    broken,
  };
}

/** A picture that is in no collection: the last of its class, or one of those before it. */
export async function heldOut(from: string, label: string, fromLast = 0): Promise<string> {
  const names = (await readdir(join(from, label))).sort();
  return join(from, label, names.at(-1 - fromLast)!);
}

/** Two pictures side by side. */
export async function writeSideBySide(left: string, right: string, path: string): Promise<void> {
  const [a, b] = await Promise.all(
    [left, right].map((each) => sharp(each).resize(300, 300, { fit: 'cover' }).toBuffer()),
  );
  await sharp({ create: { width: 600, height: 300, channels: 3, background: 'white' } })
    .composite([
      { input: a, left: 0, top: 0 },
      { input: b, left: 300, top: 0 },
    ])
    .jpeg()
    .toFile(path);
}
