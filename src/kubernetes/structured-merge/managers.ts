/**
 * Who owns which fields after a write. Models sigs.k8s.io/structured-merge-diff/merge/update.go and
 * staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{managedfieldsupdater,capmanagers,managedfields}.go.
 */
import type { ManagedFieldsEntry } from '../api/meta-v1.ts';
import { changedFields, removedFields } from './compare.ts';
import { difference, intersection, isEmpty, pathsOf, sameFields, union, type FieldSet } from './field-set.ts';
import { fieldsOf, merge, removeItems, unionOf, withNamedFields } from './merge.ts';
import type { Shape } from './shapes.ts';

export type Entries = readonly ManagedFieldsEntry[];
/** Who writes, and when. */
export interface Writer { readonly manager: string; readonly operation: 'Apply' | 'Update'; readonly apiVersion: string; readonly subresource?: string; readonly time: string }

const mostUpdateManagers = 10;
const ancient = 'ancient-changes';

export const ownedBy = (entry: ManagedFieldsEntry): FieldSet => (entry.fieldsV1 ?? {}) as FieldSet;
const isOf = (entry: ManagedFieldsEntry, { manager, operation, apiVersion, subresource }: Writer): boolean =>
  entry.manager === manager && entry.operation === operation && (entry.subresource ?? '') === (subresource ?? '') && (operation === 'Apply' || entry.apiVersion === apiVersion);

function entryOf({ manager, operation, apiVersion, subresource, time }: Writer, fieldsV1: FieldSet): ManagedFieldsEntry {
  const entry = { manager, operation, apiVersion, time, fieldsType: 'FieldsV1' as const, fieldsV1 };
  return subresource === undefined ? entry : { ...entry, subresource };
}

/** The entry with other fields; undefined where none are left. */
function withFields(entry: ManagedFieldsEntry, fields: FieldSet): ManagedFieldsEntry | undefined {
  if (fields === entry.fieldsV1) return entry;
  return isEmpty(fields) ? undefined : { ...entry, fieldsV1: fields };
}

/** After an ordinary write: what changed belongs to the writer and nobody else, what is gone belongs to nobody. */
export function afterUpdate(entries: Entries, writer: Writer, shape: Shape, before: unknown, after: unknown): Entries {
  const changed = changedFields(shape, before, after);
  const removed = removedFields(shape, before, after);
  if (changed === undefined && removed === undefined) return entries;
  const left: ManagedFieldsEntry[] = [];
  let own: FieldSet | undefined;
  for (const entry of entries) {
    let fields = ownedBy(entry);
    if (removed !== undefined) fields = difference(fields, removed);
    if (changed !== undefined && isOf(entry, writer)) {
      own = fields;
      continue;
    }
    if (changed !== undefined) fields = difference(fields, changed);
    const kept = withFields(entry, fields);
    if (kept !== undefined) left.push(kept);
  }
  if (changed !== undefined) left.push(entryOf(writer, own === undefined ? changed : union(own, changed)));
  return capped(left.sort(inOrder));
}

const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

/** Models managedfields.go: sortEncodedManagedFields. */
export function inOrder(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return text(a.operation, b.operation) || text(a.time, b.time) || text(a.manager, b.manager) || text(a.apiVersion, b.apiVersion) || text(a.subresource, b.subresource);
}

/** The oldest of too many are taken together. */
function capped(entries: readonly ManagedFieldsEntry[]): Entries {
  if (entries.length <= mostUpdateManagers) return entries;
  const updaters = entries.filter(({ operation }) => operation === 'Update');
  const many = updaters.length - mostUpdateManagers;
  if (many <= 0) return entries;
  const old = updaters.slice(0, many + 1);
  const newest = old[old.length - 1]!;
  const merged = entryOf({ manager: ancient, operation: 'Update', apiVersion: newest.apiVersion ?? '', time: newest.time ?? '' }, unionOf(old.map(ownedBy)));
  return [...entries.filter((entry) => !old.includes(entry)), merged].sort(inOrder);
}

export interface Conflict { readonly entry: ManagedFieldsEntry; readonly fields: FieldSet }
export type Applied = { readonly object: unknown; readonly entries: Entries } | { readonly conflicts: readonly Conflict[] };

/** Merges a configuration into what is there, takes out what its applier no longer lists and nobody else owns, and finds those who own what it changes. */
export function apply(entries: Entries, writer: Writer, shape: Shape, live: unknown, config: unknown, force: boolean): Applied {
  const set = fieldsOf(shape, config);
  const last = entries.find((entry) => isOf(entry, writer));
  const others = entries.filter((entry) => entry !== last);
  const merged = merge(shape, live, config);
  const object = last === undefined ? merged : prune(shape, merged, ownedBy(last), union(set, unionOf(others.map(ownedBy))));
  const changed = changedFields(shape, live, object) ?? {};
  const removed = removedFields(shape, live, object) ?? {};
  const conflicts: Conflict[] = [];
  const left: ManagedFieldsEntry[] = [];
  for (const entry of others) {
    const fields = intersection(ownedBy(entry), changed);
    if (!isEmpty(fields)) conflicts.push({ entry, fields });
    const kept = withFields(entry, difference(difference(ownedBy(entry), changed), removed));
    if (kept !== undefined) left.push(kept);
  }
  if (conflicts.length > 0 && !force) return { conflicts };
  const same = last !== undefined && sameFields(ownedBy(last), set);
  if (same && isEmpty(changed) && isEmpty(removed)) return { object, entries };
  if (!isEmpty(set)) left.push(entryOf(writer, set));
  return { object, entries: left.sort(inOrder) };
}

/** Models update.go: prune, addBackOwnedItems, addBackDanglingItems. */
function prune(shape: Shape, merged: unknown, last: FieldSet, managed: FieldSet): unknown {
  const named = (set: FieldSet): FieldSet => withNamedFields(shape, set);
  const everything = named(fieldsOf(shape, merged));
  const without = (set: FieldSet): unknown => removeItems(shape, merged, set) ?? {};
  const first = without(named(last));
  const owned = without(difference(everything, union(named(fieldsOf(shape, first)), named(managed))));
  return without(intersection(difference(everything, named(fieldsOf(shape, owned))), named(last)));
}

/** Models managedfields/internal/conflict.go: printManager. */
function managerText({ manager = '', subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const name = `${JSON.stringify(manager)}${subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** What a refused applier is told, as a whole and field by field. Models managedfields/internal/conflict.go: NewConflictError. */
export function conflictWords(conflicts: readonly Conflict[]): { readonly message: string; readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[] } {
  const named = conflicts.map(({ entry, fields }) => ({ name: managerText(entry), paths: pathsOf(fields) }));
  const causes = named.flatMap(({ name, paths }) => paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${name}`, field })));
  if (causes.length === 1) return { message: `Apply failed with 1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`, causes };
  const groups = [...named].sort((a, b) => text(a.name, b.name)).map(({ name, paths }) => `conflicts with ${name}:\n${paths.map((path) => `- ${path}`).join('\n')}`);
  return { message: `Apply failed with ${causes.length} conflicts: ${groups.join('\n')}`, causes };
}
