/** JSON merge patch, RFC 7386: objects are merged, null removes, everything else replaces. */
import { deepEqual } from './equality.ts';
import { isObject, withField, withoutField } from './json-value.ts';
import type { JsonObject } from './json-value.ts';

/** The document patched; parts the patch leaves alone keep their reference. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return deepEqual(target, patch) ? target : patch;
  let result: JsonObject = isObject(target) ? target : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null) result = withoutField(result, key);
    else result = withField(result, key, applyMergePatch(result[key], value));
  }
  return result;
}

/** The merge patch that leads from one document to the other; `{}` where they are equal. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: { [key: string]: unknown } = {};
  for (const key of Object.keys(original)) {
    const before = original[key];
    const after = modified[key];
    if (after === undefined) patch[key] = null;
    else if (isObject(before) && isObject(after)) {
      const inner = createMergePatch(before, after);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!deepEqual(before, after)) patch[key] = after;
  }
  for (const key of Object.keys(modified)) if (!(key in original)) patch[key] = modified[key];
  return patch;
}
