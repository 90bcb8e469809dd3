/**
 * Who set which fields. Models apimachinery/pkg/util/managedfields for `Update`: the fields a write changed go to its manager and leave the others.
 * Kept two levels deep (`f:spec.f:replicas`); upstream goes to the leaves.
 */
import type { KubeObject, ManagedFieldsEntry } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';

type Fields = { readonly [field: string]: Readonly<Record<string, object>> };
type Json = Readonly<Record<string, unknown>>;

const userMetadata = new Set(['labels', 'annotations', 'ownerReferences', 'finalizers', 'generateName']);
const nothing = {};
const empty: Json = {};

const fieldNames = new Map<string, string>();
/** `f:` and the name: one string for each name, made once. */
function fieldName(name: string): string {
  let known = fieldNames.get(name);
  if (known === undefined) {
    known = `f:${name}`;
    if (fieldNames.size < 10_000) fieldNames.set(name, known);
  }
  return known;
}

/** The manager's name: the field manager of the request, else the program in front of the user agent's slash. */
export function managerOf({ query, userAgent }: ApiRequest): string {
  if (query?.fieldManager !== undefined) return query.fieldManager;
  const slash = userAgent.indexOf('/');
  return slash < 0 ? userAgent : userAgent.slice(0, slash);
}

/** The object with its bookkeeping brought up to date. Events are not kept account of: there are too many. */
export function trackManager(request: ApiRequest, next: KubeObject, current: KubeObject | undefined, nowUs: number): KubeObject {
  if (next.kind === 'Event') return next;
  const changed = changedFields(next, current);
  const before = current?.metadata.managedFields ?? [];
  if (changed === undefined) return next.metadata.managedFields === before || current === undefined ? next : { ...next, metadata: { ...next.metadata, managedFields: current.metadata.managedFields } };
  const manager = managerOf(request);
  const subresource = request.subresource === 'status' || request.subresource === 'scale' ? request.subresource : undefined;
  let found = false;
  let moved = false;
  const entries: ManagedFieldsEntry[] = [];
  for (const entry of before) {
    if (entry.manager === manager && entry.operation === 'Update' && entry.subresource === subresource) {
      found = true;
      const fields = union(entry.fieldsV1 as Fields, changed);
      if (fields !== entry.fieldsV1) moved = true;
      entries.push(fields === entry.fieldsV1 ? entry : { ...entry, fieldsV1: fields, time: formatTime(nowUs) });
    } else {
      const fields = without(entry.fieldsV1 as Fields, changed);
      if (fields !== entry.fieldsV1) moved = true;
      if (fields !== undefined) entries.push(fields === entry.fieldsV1 ? entry : { ...entry, fieldsV1: fields });
    }
  }
  if (!found) {
    entries.push({
      manager, operation: 'Update', apiVersion: next.apiVersion, time: formatTime(nowUs), fieldsType: 'FieldsV1', fieldsV1: changed,
      ...(subresource === undefined ? {} : { subresource }),
    });
  } else if (!moved && next.metadata.managedFields === before) return next;
  return { ...next, metadata: { ...next.metadata, managedFields: found && !moved ? before : entries } };
}

function changedFields(next: KubeObject, current: KubeObject | undefined): Fields | undefined {
  let fields: Record<string, Record<string, object>> | undefined;
  for (const top in next) {
    if (top === 'apiVersion' || top === 'kind') continue;
    const value = (next as unknown as Json)[top];
    const before = (current as unknown as Json | undefined)?.[top];
    if (value === before || value === undefined) continue;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (!deepEqual(value, before)) (fields ??= {})[fieldName(top)] = nothing as Record<string, object>;
      continue;
    }
    const old = (typeof before === 'object' && before !== null ? before : empty) as Json;
    let inside: Record<string, object> | undefined;
    for (const name in value) {
      if (top === 'metadata' && !userMetadata.has(name)) continue;
      const one = (value as Json)[name];
      if (one === undefined || deepEqual(one, old[name])) continue;
      (inside ??= {})[fieldName(name)] = nothing;
    }
    if (inside !== undefined) (fields ??= {})[fieldName(top)] = inside;
  }
  return fields;
}

function union(fields: Fields, more: Fields): Fields {
  let result: Record<string, Readonly<Record<string, object>>> | undefined;
  for (const top in more) {
    const had = fields[top];
    for (const name in more[top]) {
      if (had?.[name] !== undefined) continue;
      result ??= { ...fields };
      result[top] = { ...had, ...more[top] };
      break;
    }
    if (had === undefined) (result ??= { ...fields })[top] = more[top]!;
  }
  return result ?? fields;
}

/** What is left of fields that somebody else has set now; undefined where nothing is. */
function without(fields: Fields, less: Fields): Fields | undefined {
  if (!overlap(fields, less)) return fields;
  let result: Record<string, Readonly<Record<string, object>>> | undefined;
  for (const top in fields) {
    const had = fields[top]!;
    const gone = less[top];
    let kept: Record<string, object> | undefined = had;
    if (gone !== undefined) {
      kept = undefined;
      let all = true;
      for (const name in had) {
        if (gone[name] === undefined) (kept ??= {})[name] = had[name]!;
        else all = false;
      }
      // A field without fields below it stays; one whose fields are all gone goes.
      if (all) kept = had;
    }
    if (kept !== undefined) (result ??= {})[top] = kept;
  }
  return result;
}

function overlap(fields: Fields, less: Fields): boolean {
  for (const top in less) {
    const had = fields[top];
    if (had !== undefined) for (const name in less[top]) if (had[name] !== undefined) return true;
  }
  return false;
}
