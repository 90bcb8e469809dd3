/**
 * The label that ties Pods to their ReplicaSet. Models pkg/controller/controller_utils.go: ComputeHash.
 * The walk is over the template's JSON, where Go prints its structs, so the hash is as stable but not the same text.
 */
import type { PodTemplateSpec } from '../api/core-v1-pod.ts';
import { safeEncode } from './generate-name.ts';

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) mixed = Math.imul(mixed ^ (code >>> 8), prime);
    mixed = Math.imul(mixed ^ (code & 0xff), prime);
  }
  return Math.imul(mixed, prime);
}

/** Keys are walked in order, so that two ways of writing the same template hash alike. */
function mix(hash: number, value: unknown): number {
  if (value === undefined || value === null) return mixText(hash, 'null');
  if (typeof value !== 'object') return mixText(hash, `${typeof value}:${String(value)}`);
  if (Array.isArray(value)) {
    let mixed = mixText(hash, '[');
    for (const item of value) mixed = mix(mixed, item);
    return mixText(mixed, ']');
  }
  const object = value as { readonly [key: string]: unknown };
  let mixed = mixText(hash, '{');
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue;
    mixed = mix(mixText(mixed, key), object[key]);
  }
  return mixText(mixed, '}');
}

/** 32-bit FNV-1a over a stable walk of any JSON value. */
export const structuralHash = (value: unknown): number => mix(offsetBasis, value) >>> 0;

/** The `pod-template-hash` of a template; the collision count, where there is one, gives another hash to the same template. */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  let hash = mix(offsetBasis, template);
  if (collisionCount !== undefined) {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((collisionCount >>> shift) & 0xff), prime);
  }
  return safeEncode(String(hash >>> 0));
}
