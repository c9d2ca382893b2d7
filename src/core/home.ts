import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads and caches live: `$IMAGEKIN_HOME`, else `imagekin` in the platform's cache directory. */
export function imagekinHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.IMAGEKIN_HOME) return env.IMAGEKIN_HOME;
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'imagekin', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'imagekin');
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'imagekin');
}
