/** A box of an ISO base media file: its type and where its content lies. */
interface Box {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The ICC profile in a HEIF file (ISO/IEC 23008-12: `meta` / `iprp` / `ipco` / `colr`), the first where pictures in it
 * have several. libheif's JavaScript interface does not hand it out.
 */
export function colourProfileOf(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole: Box = { type: '', from: 0, to: bytes.length };
  const meta = find(view, whole, 'meta');
  // `meta` begins with a version and flags.
  const properties = meta && find(view, { ...meta, from: meta.from + 4 }, 'iprp');
  const container = properties && find(view, properties, 'ipco');
  if (container === undefined) return undefined;
  for (const { type, from, to } of boxesOf(view, container)) {
    if (type !== 'colr' || to - from < 4) continue;
    const kind = fourCharacters(view, from);
    if (kind === 'prof' || kind === 'rICC') return bytes.subarray(from + 4, to);
  }
  return undefined;
}

function find(view: DataView, parent: Box, type: string): Box | undefined {
  for (const box of boxesOf(view, parent)) if (box.type === type) return box;
  return undefined;
}

function* boxesOf(view: DataView, { from, to }: Box): Generator<Box> {
  let at = from;
  while (at + 8 <= to) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    }
    // Zero: as far as the file goes.
    const end = size === 0 ? to : at + size;
    if (end > to || end < at + head) return;
    yield { type: fourCharacters(view, at + 4), from: at + head, to: end };
    at = end;
  }
}

function fourCharacters(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}
