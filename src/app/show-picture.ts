import { readFile } from 'node:fs/promises';
import { type Terminal, terminalImage } from '../report/terminal-image.js';

/** What to write to a terminal so that it shows a PNG file; `undefined` where it cannot. */
export async function showPicture(path: string, terminal: Terminal): Promise<string | undefined> {
  return terminalImage(await readFile(path), terminal);
}
