import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PieceOptions, type TextPiece, textPieces } from './text-pieces.js';

async function pieces(
  blocks: readonly Uint8Array[],
  options: Partial<PieceOptions> = {},
): Promise<TextPiece[]> {
  const stream = (async function* () {
    yield* blocks;
  })();
  const found: TextPiece[] = [];
  for await (const piece of textPieces(stream, { maxBytes: 1000, ...options })) found.push(piece);
  return found;
}

const texts = (found: readonly TextPiece[]) => found.map(({ text }) => text);

describe('pieces of a stream', () => {
  it('are its lines, however it is cut into blocks', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\ufeff]/g, '·')));
    return fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(40)), async (wanted, cuts) => {
        const whole = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const blocks = at.slice(1).map((end, i) => whole.subarray(at[i], end));
        expect(texts(await pieces(blocks))).toEqual(wanted);
      }),
    );
  });

  it('leave out what ends a line and what marks a beginning, and keep the last without an end', async () => {
    const found = await pieces([Buffer.from('\ufeffa\r\n\r\nb c')]);
    expect(found).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'b c' },
    ]);
  });

  it('are cut at NULs where the first block has one, newlines being part of them', async () => {
    const blocks = ['a\n.png\0b', '.png\0c\n'].map((block) => Buffer.from(block));
    expect(texts(await pieces(blocks, { delimiter: 'either' }))).toEqual(['a\n.png', 'b.png', 'c\n']);
    expect(texts(await pieces([Buffer.from('a\nb\n')], { delimiter: 'either' }))).toEqual(['a', 'b']);
  });

  it('are passed over where they are too long, without being held', async () => {
    const endless = (async function* () {
      yield Buffer.from('a\n');
      for (let i = 0; i < 2000; i++) yield Buffer.alloc(64 * 1024, 'x');
      yield Buffer.from('\nb\n');
    })();
    const found: TextPiece[] = [];
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for await (const piece of textPieces(endless, { maxBytes: 100 })) {
      found.push(piece);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(texts(found)).toEqual(['a', undefined, 'b']);
    expect(most).toBeLessThan(100 * 2 ** 20);
  });
});
