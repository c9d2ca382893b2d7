/** How this program was called, for lines that a user may paste: `imagekin`, `npx imagekin`, `npm run imagekin --`. */
export function programCall(env: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: script, npm_package_name: project } = env;
  if (script === 'npx') return 'npx imagekin';
  const ownScript = project === 'imagekin' && (script === 'demo' || script === 'imagekin');
  return ownScript ? 'npm run --silent imagekin --' : 'imagekin';
}

/** A command line that a shell takes apart into the same arguments. */
export function typedCommand(args: readonly string[], program = 'imagekin'): string {
  return [program, ...args.map(quoted)].join(' ');
}

/** POSIX quoting, where an argument needs any. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
