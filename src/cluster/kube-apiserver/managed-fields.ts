/** Who set which fields, kept with every write. Models staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/fieldmanager.go: Update. */
import type { KubeObject, ManagedFieldsEntry } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { afterUpdate, isFieldSet, shapeOfKind, type Entries, type Shape, type Writer } from '../../kubernetes/structured-merge/index.ts';
import { isComponent } from './authentication/user-info.ts';
import type { Served } from './served.ts';
import type { Inflight } from './state.ts';

const absent = {};

/** The manager's name: the field manager of the request, else the program in front of the user agent's slash. */
export function managerOf({ query, userAgent }: ApiRequest): string {
  if (query?.fieldManager !== undefined) return query.fieldManager;
  const slash = userAgent.indexOf('/');
  return slash < 0 ? userAgent : userAgent.slice(0, slash);
}

/** Who writes by this request. */
export const writerOf = (request: ApiRequest, operation: Writer['operation'], apiVersion: string, nowUs: number): Writer => ({
  manager: managerOf(request), operation, apiVersion, time: formatTime(nowUs), ...(request.subresource === undefined ? {} : { subresource: request.subresource }),
});

/** Writes that go past the bookkeeping: a binding and an eviction change the Pod on their own, a scale keeps account itself, and there are too many Events. The roles that every cluster has are made before their type's fields need be known. */
const untracked = ({ kind }: KubeObject, { subresource, user, group }: ApiRequest): boolean =>
  kind === 'Event' || subresource === 'binding' || subresource === 'eviction' || subresource === 'scale' || (user === 'system:apiserver' && group === 'rbac.authorization.k8s.io');

/** How an object is merged. */
export const shapeIn = ({ custom }: Served, { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): Shape => custom?.shape ?? shapeOfKind(apiVersion, kind);

/** The object with its bookkeeping brought up to date; of a new one, what its creator gave, before admission added to it. */
export function trackManager({ request, served }: Pick<Inflight, 'request' | 'served'>, next: KubeObject, current: KubeObject | undefined, nowUs: number, given = next): KubeObject {
  if (untracked(next, request)) return next;
  const { managedFields: before = [] } = current === undefined ? absent as KubeObject['metadata'] : next.metadata;
  // Who once wiped the bookkeeping has none until somebody applies. Models skipnonapplied.go.
  if (current !== undefined && before.length === 0) return next;
  const writer = writerOf(request, 'Update', next.apiVersion, nowUs);
  const after = current === undefined ? { ...given, status: undefined } : next;
  const entries = afterUpdate(before, writer, shapeIn(served, next), current ?? absent, after);
  return entries === before && current !== undefined ? next : withEntries(next, entries);
}

export const withEntries = (object: KubeObject, managedFields: Entries): KubeObject => ({ ...object, metadata: { ...object.metadata, managedFields } });

/** The bookkeeping an update goes on from: what it brings, where that is any, else what is there. Models fieldmanager.go: decodeLiveOrNew. */
export function entriesBrought(request: ApiRequest, brought: Entries | undefined, live: Entries | undefined): Entries | undefined {
  if (brought === live || brought === undefined || request.subresource !== undefined || isComponent(request) || !Array.isArray(brought) || brought.length === 0 || deepEqual(brought, live)) return live;
  // One empty entry wipes it.
  if (brought.length === 1 && isWiped(brought[0]!)) return [];
  return brought.every(isReadable) ? brought : live;
}

const isWiped = (entry: ManagedFieldsEntry): boolean => typeof entry === 'object' && entry !== null && Object.keys(entry).length === 0;
const isReadable = (entry: ManagedFieldsEntry): boolean =>
  typeof entry === 'object' && entry !== null && (entry.operation === 'Apply' || entry.operation === 'Update') && entry.fieldsType === 'FieldsV1' && isFieldSet(entry.fieldsV1);
