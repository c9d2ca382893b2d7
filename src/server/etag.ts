/** What a client says that it has, of `If-None-Match` with one tag, which is what browsers send. */
export function knownTag(header: string | undefined): string | undefined {
  return /^(?:W\/)?"([^"]*)"$/.exec(header?.trim() ?? '')?.[1];
}
