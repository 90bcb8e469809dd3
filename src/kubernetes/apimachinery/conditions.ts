/** Reading and writing a status' conditions. Models staging/src/k8s.io/apimachinery/pkg/api/meta/conditions.go. */
import type { ConditionStatus, Time } from '../api/meta-v1.ts';

/** What every kind's conditions have in common. */
export interface AnyCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly lastTransitionTime?: Time | null;
  readonly reason?: string;
  readonly message?: string;
}

/** The condition of that type, if it is there. */
export function findCondition<C extends AnyCondition>(conditions: readonly C[] | undefined, type: string): C | undefined {
  if (conditions === undefined) return undefined;
  for (let i = 0; i < conditions.length; i++) if (conditions[i]!.type === type) return conditions[i];
  return undefined;
}

/** Whether the condition is there and True. */
export function isConditionTrue(conditions: readonly AnyCondition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/**
 * The conditions with this one set: in its old place, or last. The transition time is kept while the status is the same;
 * where nothing changed the same array comes back.
 */
export function setCondition<C extends AnyCondition>(conditions: readonly C[] | undefined, wanted: C): readonly C[] {
  if (conditions === undefined) return [wanted];
  const index = conditions.findIndex((one) => one.type === wanted.type);
  if (index < 0) return [...conditions, wanted];
  const old = conditions[index]!;
  const next = old.status === wanted.status && old.lastTransitionTime !== undefined
    ? { ...wanted, lastTransitionTime: old.lastTransitionTime }
    : wanted;
  if (sameFields(old, next)) return conditions;
  const copy = conditions.slice();
  copy[index] = next;
  return copy;
}

function sameFields(a: object, b: object): boolean {
  const left = a as { readonly [key: string]: unknown };
  const right = b as { readonly [key: string]: unknown };
  for (const key in left) if (left[key] !== right[key]) return false;
  for (const key in right) if (left[key] !== right[key]) return false;
  return true;
}

/** The conditions without that type; the same array where it was not there. */
export function removeCondition<C extends AnyCondition>(conditions: readonly C[] | undefined, type: string): readonly C[] {
  if (conditions === undefined) return [];
  return conditions.some((one) => one.type === type) ? conditions.filter((one) => one.type !== type) : conditions;
}
