/** What `engines` in package.json asks for; a test compares them. */
export const requiredNode = { major: 20, minor: 19 };

/**
 * The line to show where this Node.js is too old, `undefined` where it will do.
 * @param version such as `20.19.0`
 */
export function requiredNodeMissing(version: string): string | undefined {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const enough = major > requiredNode.major || (major === requiredNode.major && minor >= requiredNode.minor);
  if (enough) return undefined;
  const wanted = `${requiredNode.major}.${requiredNode.minor}`;
  return `imagekin: expected Node.js ${wanted} or newer, got ${version}; install one from https://nodejs.org`;
}
