/** Which fields a write added, changed and removed. Models sigs.k8s.io/structured-merge-diff/typed/compare.go. */
import { deepEqual } from '../apimachinery/equality.ts';
import { leaf, self, type FieldSet } from './field-set.ts';
import { below, deduced, isJson, itemElement, sameItem, type Json, type Shape } from './shapes.ts';

/** What is in an object now that was not there, or otherwise, before; fields left out count as absent. */
export const changedFields = (shape: Shape, before: unknown, after: unknown): FieldSet | undefined => compare(shape, after, before, true);
/** What was there and is gone. */
export const removedFields = (shape: Shape, before: unknown, after: unknown): FieldSet | undefined => compare(shape, before, after, false);

/** The fields of `value` that `other` does not have; with `changes` also those that it has otherwise. */
function compare(given: Shape, value: unknown, other: unknown, changes: boolean): FieldSet | undefined {
  if (value === other) return undefined;
  const shape = deduced(given, value);
  switch (shape.kind) {
    case 'scalar': return changes ? leaf : undefined;
    case 'struct': case 'map': return isJson(value) && isJson(other) ? compareFields(shape, value, other, changes) : changes ? leaf : undefined;
    case 'keyed': case 'set': return Array.isArray(value) && Array.isArray(other) ? compareItems(shape, value, other, changes) : changes ? leaf : undefined;
    default: return changes && !deepEqual(value, other) ? leaf : undefined;
  }
}

function compareFields(shape: Shape, value: Json, other: Json, changes: boolean): FieldSet | undefined {
  let result: Record<string, FieldSet> | undefined;
  for (const name in value) {
    const one = value[name];
    const two = other[name];
    if (one === two || one === undefined || one === null) continue;
    const field = below(shape, name);
    if (field === undefined) continue;
    const found = two === undefined || two === null ? whole(field.shape, one, field.always) : compare(field.shape, one, two, changes);
    if (found !== undefined) (result ??= {})[field.element] = found;
  }
  return result;
}

function compareItems(shape: Shape, value: readonly unknown[], other: readonly unknown[], changes: boolean): FieldSet | undefined {
  let result: Record<string, FieldSet> | undefined;
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    // Most lists keep their order.
    const at = i < other.length && sameItem(shape, item, other[i]) ? i : other.findIndex((one) => sameItem(shape, item, one));
    if (at >= 0 && (shape.kind === 'set' || item === other[at])) continue;
    const found = at < 0 ? (shape.kind === 'set' ? leaf : whole(shape.of!, item, false)) : compare(shape.of!, item, other[at], changes);
    if (found !== undefined) (result ??= {})[itemElement(shape, item)] = found;
  }
  return result;
}

/** What is in the Pod specs that many Pods share: worked out for the first. */
const remembered = new WeakMap<object, FieldSet>();

/** Everything of a value that was not there at all; what Go always writes was there, and empty. */
function whole(given: Shape, value: unknown, always: boolean): FieldSet | undefined {
  const shape = deduced(given, value);
  if (shape.kind === 'scalar' || shape.kind === 'atomic' || typeof value !== 'object' || value === null) return leaf;
  if (shape.shared !== true || !always) return wholeObject(shape, value, always);
  const known = remembered.get(value);
  if (known !== undefined) return known;
  const found = wholeObject(shape, value, always);
  if (found !== undefined) remembered.set(value, found);
  return found;
}

function wholeObject(shape: Shape, value: object, always: boolean): FieldSet | undefined {
  let result: Record<string, FieldSet> | undefined;
  const add = (element: string, found: FieldSet | undefined): void => { if (found !== undefined) (result ??= always ? {} : { [self]: leaf })[element] = found; };
  if (Array.isArray(value)) {
    for (const item of value) add(itemElement(shape, item), shape.kind === 'set' ? leaf : whole(shape.of!, item, false));
  } else {
    for (const name in value) {
      const one = (value as Json)[name];
      const field = one === undefined || one === null ? undefined : below(shape, name);
      if (field !== undefined) add(field.element, whole(field.shape, one, always && field.always));
    }
  }
  return result ?? (always ? undefined : leaf);
}
