import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { type FileInitializer, type OnnxFile, tensor } from './onnx-file.js';
import { bytesField, fieldsOf, joinRope, type Rope, ropeLength, textOf } from './wire.js';

/** No message of protocol buffers is longer. */
export const mostModelBytes = 2 ** 31 - 1;

/** Where a weight stands that is not in the file. */
interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

/** Names of the files beside it that hold weights of an ONNX file. */
export function externalFiles(file: OnnxFile): string[] {
  return [
    ...new Set(file.initializers.filter(({ external }) => external).map((each) => placeOf(each).location)),
  ];
}

/**
 * Brings weights that stand in files beside it (`model.onnx_data`) into an ONNX file.
 * @param directory where the file lies; `undefined` where it is in memory alone
 * @throws `backbone-unsuitable` where one is missing, too short, outside of the directory, or all of them are too much
 */
export async function inlineExternalData(
  file: OnnxFile,
  { where, directory }: { readonly where: string; readonly directory?: string },
): Promise<OnnxFile> {
  if (!file.initializers.some(({ external }) => external)) return file;
  const handles = new Map<string, FileHandle>();
  let total = file.initializers.reduce((sum, { message }) => sum + ropeLength(message), 0);
  try {
    const initializers: FileInitializer[] = [];
    for (const each of file.initializers) {
      if (!each.external) {
        initializers.push(each);
        continue;
      }
      const place = placeOf(each);
      const path = pathOf(place, where, directory);
      const handle = handles.get(path) ?? (await open(path).catch((cause) => fail(where, path, cause)));
      handles.set(path, handle);
      const length = place.length ?? (await handle.stat()).size - place.offset;
      total += length;
      if (total > mostModelBytes) throw tooLarge(where);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, place.offset);
      if (bytesRead !== length) fail(where, path, new Error(`it ends before the weight '${each.name}' does`));
      initializers.push({ ...each, external: false, message: withBytes(each, bytes) });
    }
    return { ...file, initializers };
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

export function tooLarge(where: string): ImagekinError {
  return new ImagekinError('backbone-unsuitable', {
    where,
    expected: 'a model that fits into one file of 2 GB',
    got: 'more',
    fix: 'export it with float16 weights, or take a smaller one',
  });
}

function withBytes({ message }: FileInitializer, bytes: Uint8Array): Rope {
  const kept = fieldsOf(joinRope(message)).filter(
    ({ number }) => number !== tensor.externalData && number !== tensor.location,
  );
  return [kept.map(({ whole }) => whole), bytesField(tensor.rawData, bytes)];
}

function placeOf({ message }: FileInitializer): Place {
  const entries = new Map(
    fieldsOf(joinRope(message))
      .filter(({ number }) => number === tensor.externalData)
      .map(({ payload }) => fieldsOf(payload).map(textOf) as [string, string]),
  );
  const length = entries.get('length');
  return {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}

/** A file may name no other than those beside it. */
function pathOf({ location }: Place, where: string, directory: string | undefined): string {
  const path = normalize(location);
  if (isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`))
    throw fail(where, location, new Error('it lies outside of the folder of the model'));
  if (directory === undefined)
    throw fail(where, location, new Error('the model was given without its folder'));
  return join(directory, path);
}

function fail(where: string, path: string, cause: unknown): never {
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: `its weights in ${path}`,
    got: messageOf(cause),
    fix: 'put the file with the weights beside the model, as it was exported',
    cause,
  });
}
