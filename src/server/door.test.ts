import { expect, test } from 'vitest';
import { longestUrl, refusedAtTheDoor } from './door.ts';

test.each([
  ['kubectl by address', { host: '127.0.0.1:8001' }, '/', undefined],
  ['by name', { host: 'localhost:8001' }, '/', undefined],
  ['by IPv6', { host: '[::1]:8001' }, '/', undefined],
  ['the served page itself', { host: '127.0.0.1:8001', origin: 'http://127.0.0.1:8001' }, '/', undefined],
  ['a name that was made to point here', { host: 'evil.example:8001' }, '/', 403],
  ['a name that only begins so', { host: '127.0.0.1.evil.example' }, '/', 403],
  ['another page in the same browser', { host: '127.0.0.1:8001', origin: 'http://evil.example' }, '/', 403],
  ['a sandboxed frame', { host: '127.0.0.1:8001', origin: 'null' }, '/', 403],
  ['an endless address', { host: 'localhost' }, `/${'a'.repeat(longestUrl)}`, 414],
])('%s', (_, headers, url, code) => {
  expect(refusedAtTheDoor({ headers, url }, true)?.code).toBe(code);
});

test('who listens on a name of the network answers to it', () => {
  expect(refusedAtTheDoor({ headers: { host: 'lab.example:8001' }, url: '/' }, false)).toBeUndefined();
});
