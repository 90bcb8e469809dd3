/** Defaults of EndpointSlices. Models pkg/apis/discovery/v1/defaults.go. */
import type { Endpoint, EndpointPort, EndpointSlice } from '../discovery-v1.ts';
import { change, each, fill } from './fill.ts';

const portDefaults: Partial<EndpointPort> = { name: '', protocol: 'TCP' };
const ports = each((port: EndpointPort): EndpointPort => fill(port, portDefaults));
const endpoints = each((endpoint: Endpoint): Endpoint => fill(endpoint, { conditions: {} }));

/** Defaults of an EndpointSlice; lists that are absent are written as null, as Go does. */
export function defaultEndpointSlice(slice: EndpointSlice): EndpointSlice {
  const result = change(change(slice, 'ports', ports), 'endpoints', endpoints);
  return result.ports === undefined || result.endpoints === undefined
    ? { ...result, endpoints: result.endpoints ?? null, ports: result.ports ?? null }
    : result;
}
