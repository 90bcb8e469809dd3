import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';

/** An entry of `metadata.managedFields` and the part of its `fieldsV1` that speaks of one place in the object. */
export interface Claim { readonly entry: ManagedFieldsEntry; readonly fields: FieldSet }
export interface FieldSet { readonly [key: string]: FieldSet }

/** What every manager claims of the whole object. */
export const claimsOf = (object: unknown): readonly Claim[] => {
  const entries = (object as { metadata?: { managedFields?: readonly ManagedFieldsEntry[] } } | null)?.metadata?.managedFields ?? [];
  return entries.map((entry) => ({ entry, fields: (entry.fieldsV1 ?? {}) as FieldSet }));
};

const isLeaf = (fields: FieldSet): boolean => Object.keys(fields).every((key) => key === '.');

/** Whether a key of a set (`k:{"name":"web"}`, `v:"x"`, `i:0`) means that item of a list. Models structured-merge-diff: fieldpath/serialize-pe.go. */
function meansItem(key: string, item: unknown, index: number): boolean {
  if (key === `i:${index}`) return true;
  if (key.startsWith('v:')) return key.slice(2) === JSON.stringify(item);
  if (!key.startsWith('k:')) return false;
  const wanted = JSON.parse(key.slice(2)) as Readonly<Record<string, unknown>>;
  return typeof item === 'object' && item !== null && Object.entries(wanted).every(([name, value]) => (item as Readonly<Record<string, unknown>>)[name] === value);
}

/** One step down: a claim on the field itself, or on all that is in what was claimed whole. */
export function claimsOn(claims: readonly Claim[], step: { readonly field: string } | { readonly index: number; readonly item: unknown }): readonly Claim[] {
  return claims.flatMap(({ entry, fields }) => {
    const key = 'field' in step ? `f:${step.field}` : Object.keys(fields).find((one) => meansItem(one, step.item, step.index));
    const own = key === undefined ? undefined : fields[key];
    if (own !== undefined) return [{ entry, fields: own }];
    return isLeaf(fields) ? [{ entry, fields: {} }] : [];
  });
}
