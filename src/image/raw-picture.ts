/** What our own decoders give: 8 bits, rows from the top, alpha (where there is one) not multiplied in. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** uint8 [height, width, channels] */
  readonly data: Uint8Array;
  /** An ICC profile that says what the colours mean. Left out for sRGB. */
  readonly profile?: Uint8Array;
}

/**
 * The picture as an uncompressed TIFF file. libvips takes plain pixels as well, but has no other way to be told of
 * their colour profile.
 */
export function tiffOf({ width, height, channels, data, profile }: RawPicture): Buffer {
  const [short, long, undefinedType] = [3, 4, 7];
  const bitsAt = 8 + 2 + 11 * 12 + 4 + 12;
  const profileAt = bitsAt + 8;
  const dataAt = profileAt + Math.ceil((profile?.length ?? 0) / 2) * 2;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, bitsAt],
    [259, short, 1, 1], // not compressed
    [262, short, 1, 2], // RGB
    [273, long, 1, dataAt],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, data.length],
    ...(channels === 4 ? [[338, short, 1, 2] as [number, number, number, number]] : []), // plain alpha
    ...(profile
      ? [[34675, undefinedType, profile.length, profileAt] as [number, number, number, number]]
      : []),
  ];
  const file = Buffer.alloc(dataAt + data.length);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  for (let channel = 0; channel < 4; channel++) file.writeUInt16LE(8, bitsAt + 2 * channel);
  if (profile) file.set(profile, profileAt);
  file.set(data, dataAt);
  return file;
}
