import { BlockList, isIP } from 'node:net';

/** What is no address of somebody in the public internet, by the registries of IANA for addresses of special purpose. */
const special: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local; the metadata services of clouds answer at 169.254.169.254.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, what is reserved, broadcast.
  ['224.0.0.0', 3],
];

/** Within what is given out of IPv6 (2000::/3), what leads elsewhere or nowhere. All outside of it is no public address either. */
const special6: readonly (readonly [string, number])[] = [
  // Teredo, benchmarks, ORCHID and others: protocols of the IETF.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 holds an IPv4 address, which may be a private one.
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [address, bits] of special) refused.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of special6) refused.addSubnet(address, bits, 'ipv6');

const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is somebody's in the public internet, and not of this machine, its network, or a cloud's own services. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      // Those that hold an IPv4 address (::ffff:127.0.0.1, 64:ff9b::7f00:1) are outside of what is given out.
      return !address.includes('%') && givenOut.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}
