/** A certificate that this server makes for itself: X.509 v3, P-256, written as DER with nothing but node:crypto. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface MadeCertificate { readonly key: string; readonly cert: string }

const lifetimeMs = 365 * 86_400_000;

/** One DER element: tag, length, content. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, ...parts);
const octets = (content: Buffer): Buffer => element(0x04, content);
const bits = (content: Buffer, unused = 0): Buffer => element(0x03, Buffer.from([unused]), content);
const truth = element(0x01, Buffer.from([0xff]));
const text = (value: string): Buffer => element(0x0c, Buffer.from(value));
const oid = (...hex: readonly number[]): Buffer => element(0x06, Buffer.from(hex));
/** GeneralizedTime; UTCTime would do only until 2049. */
const time = (ms: number): Buffer => element(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\..*/g, '')}Z`));

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const name = sequence(element(0x31, sequence(oid(0x55, 0x04, 0x03), text('orrery'))));
const extension = (last: number, value: Buffer, critical = false): Buffer => sequence(oid(0x55, 0x1d, last), ...(critical ? [truth] : []), octets(value));

/** A certificate for these names and addresses, signed with its own key: who trusts it trusts only this server. */
export function makeCertificate(hosts: readonly string[], nowMs: number): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha256').update(spki).digest().subarray(0, 20);
  const serial = randomBytes(16);
  // A positive number without a leading zero.
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))), element(0x02, serial), ecdsaWithSha256, name,
    sequence(time(nowMs - 3_600_000), time(nowMs + lifetimeMs)), name, spki,
    element(0xa3, sequence(
      extension(0x13, sequence(truth), true), // basicConstraints: its own authority
      extension(0x0f, bits(Buffer.from([0b1000_0100]), 2), true), // keyUsage: digitalSignature, keyCertSign
      extension(0x25, sequence(oid(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01))), // extKeyUsage: serverAuth
      extension(0x0e, octets(keyId)),
      extension(0x11, sequence(...hosts.map(alternativeName))),
    )),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, ecdsaWithSha256, bits(signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END CERTIFICATE-----\n` };
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return element(0x87, Buffer.from(host.split('.').map(Number)));
  if (host.includes(':')) return element(0x87, addressOf6(host));
  return element(0x82, Buffer.from(host));
}

/** The sixteen bytes of an IPv6 address in hexadecimal groups. */
function addressOf6(host: string): Buffer {
  const [head = '', tail] = host.split('::');
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
