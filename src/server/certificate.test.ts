import { X509Certificate } from 'node:crypto';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { makeCertificate } from './certificate.ts';

test('names and addresses are in it, and its own key signed it', () => {
  const { cert } = makeCertificate(['localhost', '127.0.0.1', '::1', 'fe80::12:3'], Date.parse('2030-01-01T00:00:00Z'));
  const read = new X509Certificate(cert);
  expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:FE80:0:0:0:0:0:12:3');
  expect(read.ca).toBe(true);
  expect(read.verify(read.publicKey)).toBe(true);
  expect([read.validFrom, read.validTo]).toEqual(['Dec 31 23:00:00 2029 GMT', 'Jan  1 00:00:00 2031 GMT']);
});

test('a client that trusts it, and no other, is let in', async () => {
  const { key, cert } = makeCertificate(['127.0.0.1'], Date.now());
  const server = createServer({ key, cert }, (_, response) => response.end('in'));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const ask = (ca: string): Promise<string> => new Promise((resolve) => {
    get({ host: '127.0.0.1', port, ca, agent: false }, (response) => response.on('data', (chunk: Buffer) => resolve(chunk.toString()))).on('error', (error) => resolve(error.message));
  });
  expect(await ask(cert)).toBe('in');
  expect(await ask(makeCertificate(['127.0.0.1'], Date.now()).cert)).not.toBe('in');
  server.close();
});
