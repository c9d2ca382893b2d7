// Recording is a switch of the module because graphs are built by plain function calls, long before anything is compiled.
let recording = false;
let prefix = '';

/** Records from now on where operations are applied, or no longer. It costs some microseconds for each: for profiling only. */
export function recordCallSites(on: boolean): void {
  recording = on;
}

/** Runs a function that applies operations on behalf of another node, as gradient rules do: they count as that node's line. */
export function onBehalfOf<T>(source: string | undefined, act: () => T): T {
  if (source === undefined) return act();
  const before = prefix;
  prefix = source.startsWith('∂') ? source : `∂${source}`;
  try {
    return act();
  } finally {
    prefix = before;
  }
}

const engineFolder = import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1);

/** The first line of the stack outside the engine, as `folder/file.ts:12`; `∂` before it for gradients. */
export function callSite(): string | undefined {
  if (!recording) return undefined;
  if (prefix) return prefix;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const outside = lines.find(
    (line) => !line.includes(engineFolder) && !line.includes(fromFileUrl(engineFolder)),
  );
  const match = outside?.match(/([^/\\(\s]+[/\\][^/\\]+:\d+):\d+\)?$/);
  return match?.[1]?.replaceAll('\\', '/');
}

/** Stacks name files by path instead where source maps are in use. */
function fromFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}
