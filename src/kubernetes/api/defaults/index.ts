/** Defaulting: what decoding adds to an object before anything else sees it. */
import type { ModelledKind, ObjectByKind } from '../served-resources.ts';
import { defaultDeployment, defaultReplicaSet } from './apps-v1.ts';
import { defaultLease } from './coordination-v1.ts';
import { defaultPod } from './core-v1-pod.ts';
import { defaultEvent, defaultNamespace, defaultNode, defaultSecret, defaultService } from './core-v1.ts';
import { defaultEndpointSlice } from './discovery-v1.ts';

const unchanged = <T>(object: T): T => object;

const defaulters: { readonly [K in ModelledKind]: (object: ObjectByKind[K]) => ObjectByKind[K] } = {
  Namespace: defaultNamespace,
  Node: defaultNode,
  Pod: defaultPod,
  Service: defaultService,
  ConfigMap: unchanged,
  Secret: defaultSecret,
  ServiceAccount: unchanged,
  Event: defaultEvent,
  Deployment: defaultDeployment,
  ReplicaSet: defaultReplicaSet,
  EndpointSlice: defaultEndpointSlice,
  Lease: defaultLease,
};

/** The object as it is stored; the same object where nothing was missing. Parts that were complete keep their reference. */
export function applyDefaults<K extends ModelledKind>(kind: K, object: ObjectByKind[K]): ObjectByKind[K];
export function applyDefaults<T>(kind: string, object: T): T;
export function applyDefaults(kind: string, object: unknown): unknown {
  const defaulter = (defaulters as unknown as { readonly [kind: string]: ((object: unknown) => unknown) | undefined })[kind];
  return defaulter === undefined ? object : defaulter(object);
}

/** Without fields that are null, as Go's decoder leaves them; the same value where there are none. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, given] of Object.entries(value)) {
    const kept = withoutNulls(given);
    if (kept === given && given !== null) continue;
    copy ??= { ...value };
    if (kept === null) delete copy[key];
    else copy[key] = kept;
  }
  return copy ?? value;
}

/** Takes in the defaults of more kinds. */
export function addDefaults(more: Readonly<Record<string, (object: never) => unknown>>): void {
  for (const [kind, by] of Object.entries(more)) (defaulters as unknown as Record<string, (object: unknown) => unknown>)[kind] = (object) => by(withoutNulls(object) as never);
}

export { defaultPullPolicy } from './core-v1-pod.ts';
export { encodeBase64, isExternallyAccessible } from './core-v1.ts';
