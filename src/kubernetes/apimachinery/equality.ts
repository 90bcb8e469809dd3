/** Deep equality of plain JSON. Models apiequality.Semantic.DeepEqual in that absent and undefined fields are the same. */

/** Whether two JSON values say the same; shared references are recognised at once. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as { readonly [key: string]: unknown };
  const right = b as { readonly [key: string]: unknown };
  let seen = 0;
  for (const key in left) {
    const value = left[key];
    if (value === undefined) continue;
    seen++;
    if (!deepEqual(value, right[key])) return false;
  }
  for (const key in right) if (right[key] !== undefined) seen--;
  return seen === 0;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') {
    for (const key in value) if (!isEmpty((value as { readonly [key: string]: unknown })[key])) return false;
    return true;
  }
  return false;
}

/** Equality as Go structs have it after decoding: an absent field equals its empty value (`[]`, `{}`, `''`, `0`, `false`, `null`). */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isEmpty(a) && isEmpty(b);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return isEmpty(a) && isEmpty(b);
    for (let i = 0; i < a.length; i++) if (!semanticEqual(a[i], b[i])) return false;
    return true;
  }
  const left = a as { readonly [key: string]: unknown };
  const right = b as { readonly [key: string]: unknown };
  for (const key in left) if (!semanticEqual(left[key], right[key])) return false;
  for (const key in right) if (!(key in left) && !isEmpty(right[key])) return false;
  return true;
}
