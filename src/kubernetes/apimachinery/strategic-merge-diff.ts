/**
 * Making strategic merge patches: what kubectl apply and the controllers' PATCHes send.
 * Models staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go: diffMaps, diffLists, CreateThreeWayMergePatch.
 */
import { deepEqual } from './equality.ts';
import { isObject } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { child, deletePrefix, isMergeList, orderPrefix, patchDirective, retainKeysDirective } from './strategic-merge-patch.ts';
import type { PatchMetaOf } from './strategic-merge-patch.ts';

interface DiffOptions {
  readonly ignoreDeletions: boolean;
  readonly ignoreChangesAndAdditions: boolean;
  readonly setElementOrder: boolean;
  readonly metaOf: PatchMetaOf;
}

type Patch = { [key: string]: unknown };

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

/** The patch that leads from the original to the modified object; `{}` where they are equal. */
export function createTwoWayMergePatch(original: unknown, modified: unknown, metaOf: PatchMetaOf): JsonObject {
  return diffObjects(original as JsonObject, modified as JsonObject, '', {
    ignoreDeletions: false, ignoreChangesAndAdditions: false, setElementOrder: true, metaOf,
  });
}

/**
 * The patch `kubectl apply` sends: what the user changed or added against the live object, and what the user removed since the last
 * apply. Fields only others wrote are left alone. Local changes win (kubectl's `--overwrite`, its default).
 */
export function createThreeWayMergePatch(lastApplied: unknown, modified: unknown, live: unknown, metaOf: PatchMetaOf): JsonObject {
  const wanted = modified as JsonObject;
  const delta = diffObjects(live as JsonObject, wanted, '', { ignoreDeletions: true, ignoreChangesAndAdditions: false, setElementOrder: true, metaOf });
  const deletions = diffObjects((lastApplied ?? {}) as JsonObject, wanted, '', { ignoreDeletions: false, ignoreChangesAndAdditions: true, setElementOrder: true, metaOf });
  return combine(deletions, delta, '', metaOf);
}

function diffObjects(original: JsonObject, modified: JsonObject, path: string, options: DiffOptions, retainKeys = false): JsonObject {
  const patch: Patch = {};
  for (const key of Object.keys(original)) {
    if (!(key in modified) || modified[key] === undefined) {
      if (!options.ignoreDeletions) patch[key] = null;
      continue;
    }
    diffField(patch, key, original[key], modified[key], child(path, key), options);
  }
  if (!options.ignoreChangesAndAdditions) {
    for (const key of Object.keys(modified)) if (!(key in original) && modified[key] !== undefined) patch[key] = modified[key];
  }
  if (retainKeys) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null && modified[key] !== undefined).sort();
    const cleared = Object.keys(original).some((key) => !(key in modified));
    if (kept.length > 0 && (!isEmpty(patch) || cleared)) patch[retainKeysDirective] = kept;
  }
  return patch;
}

function diffField(patch: Patch, key: string, before: unknown, after: unknown, path: string, options: DiffOptions): void {
  if (before === after) return;
  if (isObject(before) && isObject(after)) {
    const strategies = options.metaOf(path)?.strategies ?? [];
    if (!strategies.includes('replace')) {
      const inner = diffObjects(before, after, path, options, strategies.includes('retainKeys'));
      if (!isEmpty(inner)) patch[key] = inner;
      return;
    }
  } else if (Array.isArray(before) && Array.isArray(after) && isMergeList(options.metaOf(path))) {
    diffLists(patch, key, before, after, path, options);
    return;
  }
  if (!options.ignoreChangesAndAdditions && !deepEqual(before, after)) patch[key] = after;
}

function diffLists(patch: Patch, key: string, before: readonly unknown[], after: readonly unknown[], path: string, options: DiffOptions): void {
  const mergeKey = options.metaOf(path)?.mergeKey;
  if (mergeKey !== undefined && (before.some(isObject) || after.some(isObject))) {
    diffKeyedLists(patch, key, before as readonly JsonObject[], after as readonly JsonObject[], mergeKey, path, options);
    return;
  }
  const added = options.ignoreChangesAndAdditions ? [] : after.filter((item) => !before.includes(item));
  const removed = options.ignoreDeletions ? [] : before.filter((item) => !after.includes(item));
  const ordered = [...before].filter((item) => after.includes(item)).every((item, index) => after[index] === item);
  if (added.length > 0) patch[key] = added;
  if (removed.length > 0) patch[deletePrefix + key] = removed;
  if (options.setElementOrder && (added.length > 0 || removed.length > 0 || !ordered)) patch[orderPrefix + key] = after;
}

function diffKeyedLists(
  patch: Patch, key: string, before: readonly JsonObject[], after: readonly JsonObject[], mergeKey: string, path: string, options: DiffOptions,
): void {
  const oldByKey = new Map(before.map((item) => [item[mergeKey], item]));
  const newByKey = new Map(after.map((item) => [item[mergeKey], item]));
  const changes: JsonObject[] = [];
  for (const item of after) {
    const old = oldByKey.get(item[mergeKey]);
    if (old === undefined) {
      if (!options.ignoreChangesAndAdditions) changes.push(item);
      continue;
    }
    const inner = diffObjects(old, item, path, options);
    if (!isEmpty(inner)) changes.push({ ...inner, [mergeKey]: item[mergeKey] });
  }
  if (!options.ignoreDeletions) {
    for (const item of before) if (!newByKey.has(item[mergeKey])) changes.push({ [patchDirective]: 'delete', [mergeKey]: item[mergeKey] });
  }
  if (changes.length > 0) patch[key] = changes;
  const common = before.filter((item) => newByKey.has(item[mergeKey])).map((item) => item[mergeKey]);
  const commonNew = after.filter((item) => oldByKey.has(item[mergeKey])).map((item) => item[mergeKey]);
  const sameOrder = common.every((value, index) => value === commonNew[index]);
  if (options.setElementOrder && (changes.length > 0 || !sameOrder)) {
    patch[orderPrefix + key] = after.map((item) => ({ [mergeKey]: item[mergeKey] }));
  }
}

/** Two patches as one; where both speak of the same field, the second does. */
function combine(first: JsonObject, second: JsonObject, path: string, metaOf: PatchMetaOf): JsonObject {
  const result: Patch = { ...first };
  for (const key of Object.keys(second)) {
    const a = result[key];
    const b = second[key];
    if (isObject(a) && isObject(b)) result[key] = combine(a, b, child(path, key), metaOf);
    else if (Array.isArray(a) && Array.isArray(b) && isMergeList(metaOf(child(path, key)))) {
      result[key] = combineLists(a, b, metaOf(child(path, key))?.mergeKey, child(path, key), metaOf);
    } else result[key] = b;
  }
  return result;
}

function combineLists(first: readonly unknown[], second: readonly unknown[], mergeKey: string | undefined, path: string, metaOf: PatchMetaOf): readonly unknown[] {
  if (mergeKey === undefined) return [...new Set([...second, ...first])];
  const result: unknown[] = [...second];
  for (const item of first) {
    if (!isObject(item)) continue;
    const index = result.findIndex((one) => isObject(one) && one[mergeKey] === item[mergeKey]);
    if (index < 0) result.push(item);
    else result[index] = combine(item, result[index] as JsonObject, path, metaOf);
  }
  return result;
}
