import { isIP } from 'node:net';

/** Whether a name or an address, as it stands in a URL or after `--host`, can only mean this machine. */
export function isLoopback(host: string): boolean {
  const name = bareHost(host);
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIP(name) === 4 ? name.startsWith('127.') : name === '::1';
}

/** Without the brackets of IPv6 and a last dot, in small letters. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** The host of a `Host` header, or of an origin; `undefined` where it is none. */
export function hostNameOf(hostAndPort: string): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::\d*)?$/i.exec(hostAndPort) ?? [];
  return name === undefined ? undefined : bareHost(name);
}
