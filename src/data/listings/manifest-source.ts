import { dirname } from 'node:path';
import type { FileSource, OnSkipped } from '../file-source.js';
import { csvRows } from './csv-rows.js';
import { jsonRows } from './json-rows.js';
import { type ManifestRow, ManifestRows } from './manifest-row.js';

type ReadRows = (path: string, onSkipped: OnSkipped) => AsyncIterable<ManifestRow>;

const formats: Readonly<Record<string, ReadRows>> = {
  '.csv': csvRows,
  '.tsv': csvRows,
  '.jsonl': jsonRows,
  '.ndjson': jsonRows,
};

/** Ends of the names of manifests. */
export const manifestExtensions: readonly string[] = Object.keys(formats);

/**
 * A file with a row for each image: its path, relative to the manifest's folder or absolute, and perhaps its label, split,
 * id and group; other columns are metadata. Rows are read as they are asked for, so a manifest may be of any length.
 */
export function manifestSource(path: string): FileSource {
  const readRows = formats[manifestExtensions.find((end) => path.toLowerCase().endsWith(end)) ?? '.csv']!;
  return {
    name: path,
    directory: dirname(path),
    unseen: true,
    labelling: {
      expected: 'a manifest that gives labels',
      fix: 'name the class of each image in a column "label"',
    },
    async *list(onSkipped) {
      const rows = new ManifestRows(path, onSkipped);
      for await (const row of readRows(path, onSkipped)) {
        const image = rows.image(row);
        if (image !== undefined) yield image;
      }
    },
  };
}
