/**
 * A name of a file as one line to read: line breaks and other control characters, and what reverses the direction of
 * writing, as `\n` or `\u{1b}`. A name may hold anything, and a terminal obeys some of it.
 */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return known ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}
