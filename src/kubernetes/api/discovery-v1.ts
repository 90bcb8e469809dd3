/** Models staging/src/k8s.io/api/discovery/v1/types.go: EndpointSlice. */
import type { ObjectMeta, StringMap } from './meta-v1.ts';
import type { Protocol } from './core-v1-pod.ts';
import type { ObjectReference } from './core-v1.ts';

export interface EndpointConditions { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean }

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: EndpointConditions;
  readonly hostname?: string;
  readonly targetRef?: ObjectReference;
  readonly deprecatedTopology?: StringMap;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[]; readonly forNodes?: readonly { readonly name: string }[] };
}

export interface EndpointPort {
  readonly name?: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly appProtocol?: string;
}

/** A part of a Service's endpoints, at most 100 by default. */
export interface EndpointSlice {
  readonly apiVersion: 'discovery.k8s.io/v1';
  readonly kind: 'EndpointSlice';
  readonly metadata: ObjectMeta;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  /** Go writes `null` where there are none. */
  readonly endpoints: readonly Endpoint[] | null;
  readonly ports: readonly EndpointPort[] | null;
}
