import { expect, test } from 'vitest';
import { isProblem, readRecording } from './read-recording.ts';
import type { Recording } from './protocol.ts';

const good: Recording = {
  version: 1, seed: 7, topology: 'three-nodes', check: { atUs: 5_000_000, hash: '0f1e2d3c4b5a6978' },
  commands: [
    { atUs: 1_000_000, command: { type: 'apply-manifest', text: 'kind: Pod', fileName: 'pod.yaml' } },
    { atUs: 2_000_000, command: { type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', force: true } },
    { atUs: 2_000_000, command: { type: 'scale-object', kind: 'Deployment', namespace: 'default', name: 'web', replicas: 3 } },
    { atUs: 3_000_000, command: { type: 'power-off-node', node: 'worker-1' } },
    { atUs: 3_000_000, command: { type: 'send-request', id: 'client-1', request: { verb: 'list', group: '', version: 'v1', resource: 'pods', user: 'u', userAgent: 'a' } } },
  ],
};
const withCommand = (command: unknown, atUs: unknown = 4_000_000): unknown => ({ ...good, commands: [{ atUs, command }] });

test('a recording read from its own text is the same', () => {
  expect(readRecording(JSON.parse(JSON.stringify(good)))).toEqual(good);
  const { check: _check, ...unchecked } = good;
  expect(readRecording(unchecked)).toEqual(unchecked);
});

test.each([
  ['not an object', 'orrery', /not a recording/],
  ['null', null, /not a recording/],
  ['a list', [good], /not a recording/],
  ['a manifest', { apiVersion: 'v1', kind: 'Pod' }, /names no version/],
  ['with a request that hides a prototype', withCommand({ type: 'send-request', id: 'a', request: JSON.parse('{"verb":{"__proto__":{}}}') as unknown }), /no object may have/],
  ['of another format', { ...good, version: 2 }, /format 2/],
  ['with half a seed', { ...good, seed: 1.5 }, /seed/],
  ['without a seed', { ...good, seed: undefined }, /seed/],
  ['with a seed that is text', { ...good, seed: '1' }, /seed/],
  ['with a topology that is a path', { ...good, topology: '../x' }, /topology/],
  ['without commands', { ...good, commands: undefined }, /list of commands/],
  ['with too many commands', { ...good, commands: Array.from({ length: 10_001 }, () => good.commands[3]) }, /at most 10000/],
  ['with a command that is null', { ...good, commands: [null] }, /command 1 is not readable/],
  ['with a command before time', withCommand(good.commands[3]!.command, -1), /no proper moment/],
  ['with a command that never comes', withCommand(good.commands[3]!.command, 1e18), /no proper moment/],
  ['out of order', { ...good, commands: [good.commands[3], good.commands[0]] }, /command 2 comes before/],
  ['with an unknown command', withCommand({ type: 'format-disk' }), /can not do: “format-disk”/],
  ['with a command named after what objects inherit', withCommand({ type: 'constructor' }), /can not do/],
  ['with a field missing', withCommand({ type: 'power-off-node' }), /“power-off-node”, has no proper “node”/],
  ['with a field of another kind', withCommand({ type: 'power-off-node', node: { toString: 1 } }), /no proper “node”/],
  ['with half a replica', withCommand({ type: 'scale-object', kind: 'Deployment', namespace: '', name: 'web', replicas: 0.5 }), /no proper “replicas”/],
  ['that scales a Node', withCommand({ type: 'scale-object', kind: 'Node', namespace: '', name: 'web', replicas: 1 }), /no proper “kind”/],
  ['with a name without end', withCommand({ type: 'power-off-node', node: 'n'.repeat(513) }), /no proper “node”/],
  ['with more text than there is room for', { ...good, commands: Array.from({ length: 3 }, () => ({ atUs: 1, command: { type: 'apply-manifest', text: 'x'.repeat(3_900_000), fileName: 'x' } })) }, /more text/],
  ['with a check that is no hash', { ...good, check: { atUs: 1, hash: 'zz' } }, /check/],
])('%s is refused in a sentence', (_what, value, sentence) => {
  const answer = readRecording(value);
  expect(isProblem(answer) && answer.text).toMatch(sentence);
});

test('nothing but the known fields comes through, and nothing reaches a prototype', () => {
  const text = '{"version":1,"seed":1,"topology":"single-node","extra":1,"__proto__":{"polluted":1},"commands":[{"atUs":1,"more":2,"command":{"type":"cordon-node","node":"worker-1","__proto__":{"node":"x"},"also":3}}]}';
  const answer = readRecording(JSON.parse(text));
  expect(answer).toEqual({ version: 1, seed: 1, topology: 'single-node', commands: [{ atUs: 1, command: { type: 'cordon-node', node: 'worker-1' } }] });
  expect(JSON.stringify(answer)).not.toMatch(/polluted|extra|also|more/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  // A field that is only inherited counts as missing.
  expect(isProblem(readRecording(JSON.parse('{"__proto__":{"version":1,"seed":1,"topology":"single-node","commands":[]}}')))).toBe(true);
});
