import type { Command } from 'commander';
import { addEngineOptions, type EngineFlags } from '../common-options.js';
import { wholeNumber } from '../number-options.js';
import { formatCounted } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';

interface ServeFlags extends CommonFlags, EngineFlags {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly readOnly?: boolean;
  readonly searchByUrl?: boolean;
  readonly maxUpload?: number;
}

const more = `
The page is at the address that is printed, the API at /api/v1, and what it can
do at /docs. Ctrl-C or SIGTERM stops it when what runs is done, after 30 seconds
at most; twice, at once.

Only this machine can ask, unless --host says otherwise: that needs a token. Of
a token on the command line others on this machine can know; IMAGEKIN_TOKEN is
not seen by them.

Examples:
  imagekin serve photos.kin
  imagekin serve photos.kin shop.kin --port 8080 --read-only
  export IMAGEKIN_TOKEN=$(openssl rand -hex 16)
  imagekin serve photos.kin --host 0.0.0.0`;

export function addServeCommand(program: Command, perform: Perform): void {
  const command = program
    .command('serve')
    .summary('a web page and an HTTP API to collections')
    .description('Serves collections: a page to search and look through them, and an HTTP API.')
    .argument('<collection...>', 'folders that imagekin add or import has made')
    .option(
      '-p, --port <n>',
      'where to listen; 0 for any that is free',
      wholeNumber('--port', { least: 0, most: 65_535 }),
      4090,
    )
    .option('--host <name>', 'the address to listen on; 0.0.0.0 for all', '127.0.0.1')
    .option('--token <text>', 'what whoever asks must know (default: $IMAGEKIN_TOKEN, or none)')
    .option('--read-only', 'nothing can be added, changed or removed')
    .option('--search-by-url', 'let searches name the address of an image, which is then fetched')
    .option(
      '--max-upload <mb>',
      'of one image file that is sent (default: 64)',
      wholeNumber('--max-upload', { least: 1, most: 2048 }),
    )
    .option('--json', 'log lines of JSON, as it does anyway where stderr is no terminal')
    .option('--quiet', 'log only what is wrong');
  addEngineOptions(command)
    .addHelpText('after', more)
    .action((collections: string[], flags: ServeFlags) =>
      perform(flags, (session) => serve(collections, flags, session)),
    );
}

async function serve(collections: string[], flags: ServeFlags, session: Session): Promise<Outcome> {
  const [{ serve }, { serverLogger }] = await Promise.all([
    import('../../server/serve.js'),
    import('../../server/logger.js'),
  ]);
  const { json = false, quiet = false, maxUpload, ...options } = flags;
  const token = flags.token ?? (process.env.IMAGEKIN_TOKEN || undefined);
  const { isTTY } = process.stderr;
  await serve({
    ...options,
    token,
    collections,
    log: serverLogger({ readable: isTTY && !json, quiet }),
    ...(maxUpload !== undefined && { limits: { fileBytes: maxUpload * 2 ** 20 } }),
    onListening(url) {
      // Behind #, a browser does not send it, and takes it as the page's word for who looks. Not into files of logs.
      const withToken = token !== undefined && isTTY ? `${url}#token=${encodeURIComponent(token)}` : url;
      session.note(`serving ${formatCounted(collections.length, 'collection')} at ${withToken}`);
    },
    signal: session.signal,
  });
  return { document: {}, text: '', isPrinted: true };
}
