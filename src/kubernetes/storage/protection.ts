/** What keeps claims and volumes while somebody uses them. Models pkg/controller/volume/protectionutil and pkg/volume/util/finalizer.go. */
import type { KubeObject } from '../api/meta-v1.ts';

export const protectionOf = { persistentvolumeclaims: 'kubernetes.io/pvc-protection', persistentvolumes: 'kubernetes.io/pv-protection' } as const;
type Protected = keyof typeof protectionOf;

const isProtected = (kind: Protected, { finalizers }: KubeObject['metadata']): boolean => finalizers?.includes(protectionOf[kind]) === true;

/** It is to go, and goes when nobody uses it. Models IsDeletionCandidate. */
export const isToGo = (kind: Protected, { metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined && isProtected(kind, metadata);
/** Somebody took its protection away. Models NeedToAddFinalizer. */
export const isUnprotected = (kind: Protected, { metadata }: KubeObject): boolean => metadata.deletionTimestamp === undefined && !isProtected(kind, metadata);

export const withProtection = (kind: Protected, object: KubeObject): KubeObject =>
  ({ ...object, metadata: { ...object.metadata, finalizers: [...object.metadata.finalizers ?? [], protectionOf[kind]] } });
export const withoutProtection = (kind: Protected, object: KubeObject): KubeObject =>
  ({ ...object, metadata: { ...object.metadata, finalizers: (object.metadata.finalizers ?? []).filter((one) => one !== protectionOf[kind]) } });
