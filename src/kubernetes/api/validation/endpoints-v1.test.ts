import { expect, test } from 'vitest';
import { formatFieldError, type FieldError } from '../../apimachinery/field-errors.ts';
import type { Endpoints, EndpointSubset } from '../kept-specs.ts';
import { validateEndpoints, validateEndpointsUpdate } from './endpoints-v1.ts';

const endpoints = (subset: object): Endpoints => ({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web', namespace: 'default', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '1' }, subsets: [subset as EndpointSubset] });
const texts = (check: (errors: FieldError[]) => void): readonly string[] => {
  const errors: FieldError[] = [];
  check(errors);
  return errors.map(formatFieldError);
};
const ip = 'subsets[0].addresses[0].ip: Invalid value: ';
const at = (address: string) => ({ addresses: [{ ip: address }] });

test.each<[object, readonly string[]]>([
  [{ addresses: [{ ip: '10.0.0.1', nodeName: 'a', hostname: 'b' }], ports: [{ port: 80, protocol: 'TCP' }] }, []],
  [{ notReadyAddresses: [{ ip: 'fd00::1' }] }, []],
  [{}, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
  [at('10.0.0'), [`${ip}"10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`, `${ip}"10.0.0": must be a valid IP address`]],
  [at('10.0.00.1'), [`${ip}"10.0.00.1": must not have leading 0s`]],
  [at('::ffff:10.0.0.1'), [`${ip}"::ffff:10.0.0.1": must not be an IPv4-mapped IPv6 address`]],
  [at('127.0.0.1'), [`${ip}"127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`]],
  [at('169.254.1.1'), [`${ip}"169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)`]],
  [{ ...at('10.0.0.1'), ports: [{ port: 80, protocol: 'TCP' }, { name: 'b', port: 0, protocol: 'HTTP' }] }, [
    'subsets[0].ports[0].name: Required value', 'subsets[0].ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive', 'subsets[0].ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
  ]],
  [{ ...at('10.0.0.1'), ports: [{ name: 'B', port: 80, protocol: 'TCP' }] }, ['subsets[0].ports[0].name: Invalid value: "B": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', and must start and end with an alphanumeric character (e.g. \'my-name\',  or \'123-abc\', regex used for validation is \'[a-z0-9]([-a-z0-9]*[a-z0-9])?\')']],
])('%j', (subset, expected) => {
  expect(texts((errors) => validateEndpoints(errors, endpoints(subset)))).toEqual(expected);
  // What stays as it was is not judged again.
  expect(texts((errors) => validateEndpointsUpdate(errors, endpoints(subset), endpoints(subset)))).toEqual([]);
  expect(texts((errors) => validateEndpointsUpdate(errors, endpoints(subset), endpoints(at('10.9.9.9'))))).toEqual(expected);
});
