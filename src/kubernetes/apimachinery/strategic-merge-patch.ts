/**
 * Strategic merge patch: lists of things with a key are merged by that key.
 * Models staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go: mergeMap, mergeSlice, normalizeElementOrder.
 */
import { deepEqual } from './equality.ts';
import { isObject, withField, withItem, withoutField } from './json-value.ts';
import type { JsonObject } from './json-value.ts';

/** How one field is patched: what `x-kubernetes-patch-strategy` and `x-kubernetes-patch-merge-key` say of it. */
export interface PatchMeta {
  readonly strategies: readonly string[];
  readonly mergeKey?: string;
}

/**
 * How the field at a path is patched. Paths are names joined by dots, without indices: `spec.template.spec.containers.ports`.
 * Undefined means: objects are merged, lists are replaced.
 */
export type PatchMetaOf = (path: string) => PatchMeta | undefined;

/** A patch that cannot be carried out; the API server answers 400 or 422 with its message. */
export class StrategicPatchError extends Error {}

export const patchDirective = '$patch';
export const retainKeysDirective = '$retainKeys';
export const deletePrefix = '$deleteFromPrimitiveList/';
export const orderPrefix = '$setElementOrder/';

export const child = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
export const isMergeList = (meta: PatchMeta | undefined): boolean => meta !== undefined && meta.strategies.includes('merge');

/** The object patched; parts the patch leaves alone keep their reference. */
export function applyStrategicMergePatch<T>(original: T, patch: unknown, metaOf: PatchMetaOf): T {
  if (!isObject(original) || !isObject(patch)) throw new StrategicPatchError('cannot unmarshal a patch that is not an object');
  return mergeObject(original, patch, '', metaOf) as T;
}

function mergeObject(original: JsonObject, patch: JsonObject, path: string, metaOf: PatchMetaOf): JsonObject {
  const directive = patch[patchDirective];
  if (directive !== undefined) {
    if (directive === 'replace') return dropDirectives(withoutField(patch, patchDirective)) as JsonObject;
    if (directive === 'delete') return {};
    if (directive !== 'merge') throw new StrategicPatchError(`Unknown patch type found: ${String(directive)}`);
  }
  let result = original;
  const retained = patch[retainKeysDirective];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(original)) if (!retained.includes(key)) result = withoutField(result, key);
  }
  for (const key of Object.keys(patch)) {
    if (key.startsWith(deletePrefix)) result = deletePrimitives(result, key.slice(deletePrefix.length), patch[key]);
    else if (key.startsWith(orderPrefix)) result = orderOnly(result, patch, key.slice(orderPrefix.length), path, metaOf);
    else if (key !== patchDirective && key !== retainKeysDirective) result = mergeField(result, patch, key, path, metaOf);
  }
  return result;
}

function deletePrimitives(object: JsonObject, key: string, removed: unknown): JsonObject {
  const list = object[key];
  if (!Array.isArray(list) || !Array.isArray(removed)) return object;
  const kept = list.filter((item) => !removed.includes(item));
  return kept.length === list.length ? object : withField(object, key, kept);
}

/** An order without a list of its own beside it only sorts what is there. */
function orderOnly(object: JsonObject, patch: JsonObject, key: string, path: string, metaOf: PatchMetaOf): JsonObject {
  const list = object[key];
  const order = patch[orderPrefix + key];
  if (key in patch || !Array.isArray(list) || !Array.isArray(order)) return object;
  const sorted = inOrder(list, order, list, metaOf(child(path, key))?.mergeKey);
  return sameItems(sorted, list) ? object : withField(object, key, sorted);
}

function mergeField(object: JsonObject, patch: JsonObject, key: string, path: string, metaOf: PatchMetaOf): JsonObject {
  const value = patch[key];
  if (value === null) return withoutField(object, key);
  const before = object[key];
  const fieldPath = child(path, key);
  if (isObject(value)) {
    if (metaOf(fieldPath)?.strategies.includes('replace') === true) return replaceField(object, key, dropDirectives(value));
    if (isObject(before)) return withField(object, key, mergeObject(before, value, fieldPath, metaOf));
    if (value[patchDirective] === 'delete') return withField(object, key, {});
    return replaceField(object, key, dropDirectives(value));
  }
  if (Array.isArray(value)) {
    const meta = metaOf(fieldPath);
    if (!isMergeList(meta)) return replaceField(object, key, value);
    const order = patch[orderPrefix + key];
    const list = Array.isArray(before) ? before : [];
    const merged = mergeList(list, value, Array.isArray(order) ? order : undefined, fieldPath, meta!, metaOf);
    return Array.isArray(before) && sameItems(merged, before) ? object : withField(object, key, merged);
  }
  return replaceField(object, key, value);
}

const replaceField = (object: JsonObject, key: string, value: unknown): JsonObject =>
  deepEqual(object[key], value) && key in object ? object : withField(object, key, value);

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, index) => item === b[index]);

function mergeList(
  original: readonly unknown[], patch: readonly unknown[], order: readonly unknown[] | undefined,
  path: string, meta: PatchMeta, metaOf: PatchMetaOf,
): readonly unknown[] {
  const mergeKey = meta.mergeKey;
  const items = patch.length > 0 ? patch : original;
  if (mergeKey === undefined || !items.some(isObject)) {
    const merged = [...original];
    for (const item of patch) if (!merged.includes(item)) merged.push(item);
    return inOrder(merged, order ?? patch, original, undefined);
  }
  if (patch.some((item) => isObject(item) && item[patchDirective] === 'replace')) {
    return patch.filter((item) => !(isObject(item) && item[patchDirective] === 'replace')).map(dropDirectives);
  }
  let merged: readonly unknown[] = original;
  for (const item of patch) {
    if (!isObject(item)) throw new StrategicPatchError(`expected an object in the list at ${path}`);
    const keyValue = item[mergeKey];
    if (keyValue === undefined) throw new StrategicPatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    const index = merged.findIndex((one) => isObject(one) && one[mergeKey] === keyValue);
    if (item[patchDirective] === 'delete') {
      if (index >= 0) merged = merged.filter((one) => !(isObject(one) && one[mergeKey] === keyValue));
    } else if (index < 0) merged = [...merged, dropDirectives(item)];
    else merged = withItem(merged, index, mergeObject(merged[index] as JsonObject, item, path, metaOf));
  }
  return inOrder(merged, order ?? patch.filter((item) => !(isObject(item) && item[patchDirective] === 'delete')), original, mergeKey);
}

/** What is new is taken as it is, less the directives and nulls that have nothing to act upon. */
function dropDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.filter((item) => !(isObject(item) && item[patchDirective] !== undefined)).map(dropDirectives);
    return sameItems(kept, value) ? value : kept;
  }
  if (!isObject(value)) return value;
  let result: JsonObject = value;
  for (const key of Object.keys(value)) {
    if (value[key] === null || key === patchDirective || key === retainKeysDirective || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) {
      result = withoutField(result, key);
    } else result = withField(result, key, dropDirectives(value[key]));
  }
  return result;
}

/**
 * The patch's order for the items it names; items only the server has are put where they stood among them.
 * Models normalizeElementOrder and mergeSortedSlice.
 */
function inOrder(items: readonly unknown[], order: readonly unknown[], serverOrder: readonly unknown[], mergeKey: string | undefined): readonly unknown[] {
  const identity = (item: unknown): unknown => (mergeKey !== undefined && isObject(item) ? item[mergeKey] : item);
  const wanted = order.map(identity);
  const onServer = serverOrder.map(identity);
  const named = items.filter((item) => wanted.includes(identity(item)));
  named.sort((a, b) => wanted.indexOf(identity(a)) - wanted.indexOf(identity(b)));
  const result: unknown[] = named;
  let from = 0;
  for (const item of items) {
    if (wanted.includes(identity(item))) continue;
    const place = onServer.indexOf(identity(item));
    while (from < result.length) {
      const other = onServer.indexOf(identity(result[from]));
      if (other > place && place >= 0) break;
      from++;
    }
    result.splice(from, 0, item);
    from++;
  }
  return result;
}
