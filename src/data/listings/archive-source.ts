import { dirname } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import type { FileSource } from '../file-source.js';
import { isImageName } from '../image-names.js';
import type { ReadEntries } from './archive-entry.js';
import { type FolderLayout, folderLayout } from './folder-layout.js';
import { folderLabelling } from './folder-source.js';
import { IdSet } from './id-set.js';
import { tarEntries } from './tar-entries.js';
import { zipEntries } from './zip-entries.js';

const formats: Readonly<Record<string, ReadEntries>> = { '.zip': zipEntries, '.tar': tarEntries };

/** Ends of the names of archives. */
export const archiveExtensions: readonly string[] = Object.keys(formats);

/**
 * A ZIP or TAR archive, read where it lies. Images are named by their path in it, and its folders mean what they mean in a
 * directory. Where all images lie in folders of one folder, as in an archive of a whole directory, paths begin below that.
 */
export function archiveSource(path: string): FileSource {
  const readEntries = formats[archiveExtensions.find((end) => path.toLowerCase().endsWith(end)) ?? '.zip']!;
  return {
    name: path,
    directory: dirname(path),
    unordered: true,
    labelling: { ...folderLabelling, expected: `${folderLabelling.expected}, in the archive` },
    async *list(onSkipped) {
      try {
        const { root, layout } = await layoutOf(readEntries(path));
        const seen = new IdSet();
        for await (const entry of readEntries(path)) {
          const name = plainName(entry.name);
          if (!isShownImage(name)) continue;
          const skip = (reason: string) => onSkipped({ path: `${path}/${entry.name}`, reason });
          if (isUnsafe(entry.name)) skip('a name that leads out of the archive');
          else if (entry.problem !== undefined) skip(entry.problem);
          else if (!seen.add(name)) skip('a name that an earlier file has');
          else {
            const bytes = await entry.locate().catch((error) => skip(messageOf(error)));
            if (bytes === undefined) continue;
            const id = name.slice(root.length);
            yield { id, location: { archive: path, name, ...bytes }, ...layout.describe(id) };
          }
        }
      } catch (cause) {
        if (cause instanceof ImagekinError) throw cause;
        throw new ImagekinError('source-damaged', {
          where: path,
          expected: `a whole ${path.toLowerCase().endsWith('.tar') ? 'TAR' : 'ZIP'} archive`,
          got: messageOf(cause),
          fix: 'make or get it again',
          cause,
        });
      }
    },
  };
}

/** What the archive's folders mean, below the one that all lie in. Of all names only what that takes is held. */
async function layoutOf(
  entries: AsyncIterable<{ readonly name: string }>,
): Promise<{ readonly root: string; readonly layout: FolderLayout }> {
  const outer = new Set<string>();
  const inner = new Set<string>();
  let hasLooseImages = false;
  for await (const { name } of entries) {
    const path = plainName(name);
    if (!isShownImage(path) || isUnsafe(name)) continue;
    const [first, second, third] = path.split('/', 3);
    if (second === undefined) hasLooseImages = true;
    else outer.add(first!);
    if (third !== undefined) inner.add(second!);
  }
  const root = outer.size === 1 && inner.size > 0 && !hasLooseImages ? `${[...outer][0]}/` : '';
  return { root, layout: folderLayout(root === '' ? outer : inner) };
}

/** `./cats/1.jpg`, as tar writes names when told to archive `.`, is `cats/1.jpg`. */
function plainName(name: string): string {
  return name.replace(/^(\.\/+)+/, '');
}

/** Hidden files are left out as in a directory, and so is what macOS keeps beside files. */
function isShownImage(name: string): boolean {
  return isImageName(name) && !name.split('/').some((part) => isHidden(part) || part === '__MACOSX');
}

function isHidden(part: string): boolean {
  return part.startsWith('.') && part !== '..';
}

function isUnsafe(name: string): boolean {
  return (
    name.startsWith('/') || /^[a-z]:/i.test(name) || name.includes('\0') || name.split('/').includes('..')
  );
}
