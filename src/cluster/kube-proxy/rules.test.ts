import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Service, ServiceSpec } from '../../kubernetes/api/index.ts';
import { rulesOf } from './rules.ts';

const service = (spec: Partial<ServiceSpec> = {}): Service =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.96.0.20', type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP' }], ...spec } });

/** `10.244.1.2 ready`, `10.244.1.3 serving`, `10.244.1.4 down`: endpoints on worker-1 or (with @2) worker-2. */
const slice = (...lines: string[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `web-${lines.length}`, namespace: 'default' }, addressType: 'IPv4', ports: [{ name: '', protocol: 'TCP', port: 8080 }],
  endpoints: lines.map((line) => {
    const [address, is, at] = line.split(' ') as [string, string, string?];
    return { addresses: [address], nodeName: at === '@2' ? 'worker-2' : 'worker-1', conditions: { ready: is === 'ready', serving: is !== 'down', terminating: is === 'serving' } };
  }),
});

const sentTo = (of: Service, ...slices: EndpointSlice[]): string => rulesOf(of, slices, 'worker-1')
  .map(({ service: name, clusterIP, port, endpoints }) => `${name} ${clusterIP}:${port} -> ${endpoints.map(({ address, port: to }) => `${address}:${to}`).join(' ') || 'rejected'}`).join('; ');

describe('the rules of a Service', () => {
  test('ready endpoints, in order', () => expect(sentTo(service(), slice('10.244.2.9 ready @2', '10.244.1.2 ready', '10.244.1.3 down'))).toBe('default/web 10.96.0.20:80 -> 10.244.1.2:8080 10.244.2.9:8080'));
  test('endpoints of all slices, each once', () => expect(sentTo(service(), slice('10.244.1.2 ready'), slice('10.244.1.2 down', '10.244.1.5 ready'))).toBe('default/web 10.96.0.20:80 -> 10.244.1.2:8080 10.244.1.5:8080'));
  test('where none is ready, those that still serve', () => expect(sentTo(service(), slice('10.244.1.2 serving', '10.244.1.3 down'))).toBe('default/web 10.96.0.20:80 -> 10.244.1.2:8080'));
  test('a terminating one is left out beside a ready one', () => expect(sentTo(service(), slice('10.244.1.2 serving', '10.244.1.3 ready'))).toBe('default/web 10.96.0.20:80 -> 10.244.1.3:8080'));
  test('none at all is a rule that rejects', () => expect(sentTo(service())).toBe('default/web 10.96.0.20:80 -> rejected'));
  test('internalTrafficPolicy Local stays on the node', () => expect(sentTo(service({ internalTrafficPolicy: 'Local' }), slice('10.244.1.2 ready', '10.244.2.9 ready @2'))).toBe('default/web 10.96.0.20:80 -> 10.244.1.2:8080'));
  test('a named port finds its own', () => expect(sentTo(service({ ports: [{ name: 'http', port: 80 }] }), slice('10.244.1.2 ready'))).toBe('default/web:http 10.96.0.20:80 -> rejected'));
  test.each([{ clusterIP: 'None' }, { type: 'ExternalName' as const, clusterIP: '' }])('%j needs none', (spec) => expect(rulesOf(service(spec), [slice('10.244.1.2 ready')], 'worker-1')).toEqual([]));
});
