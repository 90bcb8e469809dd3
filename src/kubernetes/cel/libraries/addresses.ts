/** Models staging/src/k8s.io/apiserver/pkg/cel/library/{ip,cidr,urls}.go; Go's netip and net/url in what expressions ask of them. */
import { refused, type Declared } from '../library.ts';

export class Ip {
  readonly family: 4 | 6;
  readonly bits: bigint;
  constructor(family: 4 | 6, bits: bigint) { this.family = family; this.bits = bits; }
  toString(): string { return this.family === 4 ? [24n, 16n, 8n, 0n].map((shift) => (this.bits >> shift) & 255n).join('.') : writeV6(this.bits); }
}

export class Cidr {
  readonly ip: Ip;
  readonly prefix: number;
  constructor(ip: Ip, prefix: number) { this.ip = ip; this.prefix = prefix; }
  toString(): string { return `${this.ip}/${this.prefix}`; }
}

function readV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function readV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => '0'), ...tail];
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The longest run of zero groups is left out (RFC 5952). */
function writeV6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

function parseIp(text: string): Ip | undefined {
  const four = readV4(text);
  if (four !== undefined) return new Ip(4, four);
  const six = readV6(text);
  return six === undefined || six >> 32n === 0xffffn ? undefined : new Ip(6, six);
}

function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf('/');
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  return ip === undefined || !/^(0|[1-9]\d*)$/.test(prefix) || Number(prefix) > width(ip) ? undefined : new Cidr(ip, Number(prefix));
}

const width = ({ family }: Ip): number => (family === 4 ? 32 : 128);
const readIp = (text: string): Ip => parseIp(text) ?? refused(`IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`);
const readCidr = (text: string): Cidr => parseCidr(text) ?? refused(`network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`);
const within = (ip: Ip, net: Cidr): boolean => ip.family === net.ip.family && top(ip, net.prefix) === top(net.ip, net.prefix);
const top = (ip: Ip, length: number): bigint => ip.bits >> BigInt(width(ip) - length);
const inNet = (ip: Ip, four: string, six: string): boolean => within(ip, readCidr(ip.family === 4 ? four : six));
const asIp = (value: Ip | string): Ip => (typeof value === 'string' ? readIp(value) : value);
const asCidr = (value: Cidr | string): Cidr => (typeof value === 'string' ? readCidr(value) : value);
const masked = ({ ip, prefix }: Cidr): Cidr => new Cidr(new Ip(ip.family, top(ip, prefix) << BigInt(width(ip) - prefix)), prefix);

const isLoopback = (ip: Ip): boolean => inNet(ip, '127.0.0.0/8', '::1/128');
const isUnspecified = (ip: Ip): boolean => ip.bits === 0n;
const isLocalUnicast = (ip: Ip): boolean => inNet(ip, '169.254.0.0/16', 'fe80::/10');
const isLocalMulticast = (ip: Ip): boolean => inNet(ip, '224.0.0.0/24', 'ff02::/16');
const isGlobal = (ip: Ip): boolean => !isUnspecified(ip) && !isLoopback(ip) && !isLocalUnicast(ip) && !inNet(ip, '224.0.0.0/4', 'ff00::/8') && ip.toString() !== '255.255.255.255';

export const addresses: readonly Declared[] = [
  ['ip(string): net.IP', readIp], ['isIP(string): bool', (text: string) => parseIp(text) !== undefined],
  ['string(net.IP): string', (ip: Ip) => ip.toString()],
  ['net.IP.family(): int', (ip: Ip) => BigInt(ip.family)],
  ['net.IP.isUnspecified(): bool', isUnspecified], ['net.IP.isLoopback(): bool', isLoopback], ['net.IP.isLinkLocalUnicast(): bool', isLocalUnicast],
  ['net.IP.isLinkLocalMulticast(): bool', isLocalMulticast], ['net.IP.isGlobalUnicast(): bool', isGlobal],
  ['cidr(string): net.CIDR', readCidr], ['isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined],
  ['string(net.CIDR): string', (net: Cidr) => net.toString()],
  ['net.CIDR.ip(): net.IP', (net: Cidr) => net.ip], ['net.CIDR.prefixLength(): int', (net: Cidr) => BigInt(net.prefix)], ['net.CIDR.masked(): net.CIDR', masked],
  ...['net.IP', 'string'].map((type): Declared => [`net.CIDR.containsIP(${type}): bool`, (net: Cidr, ip: Ip | string) => within(asIp(ip), net)]),
  ...['net.CIDR', 'string'].map((type): Declared => [`net.CIDR.containsCIDR(${type}): bool`, (net: Cidr, part: Cidr | string) => {
    const other = asCidr(part);
    return other.prefix >= net.prefix && within(other.ip, net);
  }]),
];

/** `ip.isCanonical(…)`: as a receiver of the name `ip`. */
export const ipNamespace: readonly Declared[] = [['IpNamespace.isCanonical(string): bool', (_: never, text: string) => readIp(text).toString() === text]];

export class Url {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, host: string, path: string, query: string) { this.scheme = scheme; this.host = host; this.path = path; this.query = query; }
}

/** Models url.ParseRequestURI: absolute, or an absolute path. */
function parseUrl(text: string): Url | undefined {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?]*)(?:\?(.*))?$/s.exec(text);
  if (match === null || /[\u0000-\u0020\u007f]/.test(text)) return undefined;
  const [, scheme = '', authority, path = '', query = ''] = match;
  if (scheme === '' && !path.startsWith('/')) return undefined;
  const host = authority?.slice(authority.lastIndexOf('@') + 1) ?? '';
  if (host.startsWith('[') && !/\](:\d*)?$/.test(host)) return undefined;
  if (!host.startsWith('[') && /:(?!\d*$)/.test(host)) return undefined;
  return new Url(scheme.toLowerCase(), host, path, query);
}

const hostname = ({ host }: Url): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
const unescape = (text: string): string => {
  try { return decodeURIComponent(text.replace(/\+/g, ' ')); } catch { return text; }
};

function queryOf({ query }: Url): ReadonlyMap<string, string[]> {
  const map = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = unescape(at < 0 ? pair : pair.slice(0, at));
    map.set(key, [...map.get(key) ?? [], at < 0 ? '' : unescape(pair.slice(at + 1))]);
  }
  return map;
}

export const urls: readonly Declared[] = [
  ['url(string): kubernetes.URL', (text: string) => parseUrl(text) ?? refused(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`)],
  ['isURL(string): bool', (text: string) => parseUrl(text) !== undefined],
  ['kubernetes.URL.getScheme(): string', (url: Url) => url.scheme], ['kubernetes.URL.getHost(): string', (url: Url) => url.host],
  ['kubernetes.URL.getHostname(): string', hostname], ['kubernetes.URL.getPort(): string', ({ host }: Url) => /:(\d*)$/.exec(host)?.[1] ?? ''],
  ['kubernetes.URL.getEscapedPath(): string', (url: Url) => url.path], ['kubernetes.URL.getQuery(): map<string, list<string>>', queryOf],
];
