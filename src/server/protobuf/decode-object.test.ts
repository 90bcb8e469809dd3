import { describe, expect, test } from 'vitest';
import { decodeProtobuf } from './decode-object.ts';

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: readonly number[] | string): number[] => {
  const all = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint((field << 3) | 2), ...varint(all.length), ...all];
};
const envelope = (apiVersion: string, kind: string, raw: readonly number[]): Uint8Array =>
  Uint8Array.from([...Buffer.from('k8s\0'), ...bytes(1, [...bytes(1, apiVersion), ...bytes(2, kind)]), ...bytes(2, raw)]);

describe('a protobuf body is the JSON it stands for', () => {
  test('a pointer that is zero stays, another zero goes', () => {
    const port = bytes(6, [...number(2, 0), ...number(3, 80), ...bytes(4, 'TCP')]);
    const spec = [...bytes(2, [...bytes(1, 'web'), ...port]), ...number(4, 0)];
    expect(decodeProtobuf(envelope('v1', 'Pod', [...bytes(1, bytes(1, 'a')), ...bytes(2, spec), ...bytes(3, [])])))
      .toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'web', ports: [{ containerPort: 80, protocol: 'TCP' }] }], terminationGracePeriodSeconds: 0 } });
  });
  test('maps, bytes, quantities and what Go embeds', () => {
    const data = bytes(2, [...bytes(1, 'k'), ...bytes(2, 'value')]);
    expect(decodeProtobuf(envelope('v1', 'Secret', [...bytes(1, bytes(11, [...bytes(1, 'app'), ...bytes(2, 'x')])), ...data]))).toMatchObject({ metadata: { labels: { app: 'x' } }, data: { k: 'dmFsdWU=' } });
    const volume = bytes(1, [...bytes(1, 'v'), ...bytes(2, bytes(2, []))]);
    expect(decodeProtobuf(envelope('v1', 'Pod', bytes(2, volume)))).toMatchObject({ spec: { volumes: [{ name: 'v', emptyDir: {} }] } });
  });
  test('a message of one list is that list only where Go has it so', () => {
    const file = bytes(1, bytes(1, 'labels'));
    const volume = bytes(1, [...bytes(1, 'v'), ...bytes(2, bytes(26, bytes(1, bytes(2, file))))]);
    expect(decodeProtobuf(envelope('v1', 'Pod', bytes(2, volume)))).toMatchObject({ spec: { volumes: [{ projected: { sources: [{ downwardAPI: { items: [{ path: 'labels' }] } }] } }] } });
  });
  test('a definition, whose schemas are JSON in parts', () => {
    const schema = [...bytes(5, 'object'), ...bytes(8, bytes(1, '{"a":1}')), ...bytes(30, number(1, 1))];
    const version = [...bytes(1, 'v1'), ...number(2, 0), ...number(3, 1), ...bytes(4, bytes(1, schema))];
    expect(decodeProtobuf(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', bytes(2, bytes(7, version)))))
      .toMatchObject({ spec: { versions: [{ name: 'v1', served: false, storage: true, schema: { openAPIV3Schema: { type: 'object', default: { a: 1 }, additionalProperties: true } } }] } });
  });
  test('options of a deletion', () => expect(decodeProtobuf(envelope('v1', 'DeleteOptions', [...number(1, 0), ...bytes(4, 'Foreground')]))).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Foreground' }));
  test('a field called __proto__ is only a field', () => {
    const decoded = decodeProtobuf(envelope('v1', 'ConfigMap', bytes(2, [...bytes(1, '__proto__'), ...bytes(2, 'x')]))) as { data: object };
    expect(Object.getPrototypeOf(decoded.data)).toBe(Object.prototype);
    expect(JSON.stringify(decoded.data)).toBe('{"__proto__":"x"}');
  });
  test.each([
    ['no envelope', Uint8Array.of(1, 2, 3, 4, 5), /expected prefix/], ['cut short', envelope('v1', 'Pod', bytes(1, bytes(1, 'abc'))).subarray(0, 20), /unexpected EOF/], ['of no kind', envelope('v1', 'Moon', []), /no kind "Moon"/],
  ])('%s is refused', (_name, body, says) => expect(() => decodeProtobuf(body)).toThrow(says));
});
