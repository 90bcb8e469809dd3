import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type EndpointPort, type EndpointSlice, type Endpoint, type Pod, type Service, type StringMap } from '../../../kubernetes/api/index.ts';
import { defineController, finished, type Answer, type Listers, type Reaction, type SyncContext, type SyncResult } from '../controller.ts';
import { canBeEndpoint, endpointPorts, managedBy, planChanges, planSlices, podToEndpoint, sliceMetadata, type SlicePlan } from '../plans/endpoint-slices.ts';
import { carries, servicesToUpdate } from '../plans/services-of-pods.ts';
import { create, remove, update } from '../requests.ts';

/** By Service, the slices as this controller last wrote them, until the cache shows them; null: deleted. Upstream's EndpointSliceTracker. */
type Written = PMap<string, PMap<string, EndpointSlice | null>>;
/** By Service, the Pods (uid by key) that may have changed since the last sync, so that a large Service is not gone through for each of them. */
type Dirty = PMap<string, PMap<string, string> | 'all'>;
/** `writing`: Services whose writes are under way; the watch may tell of them before their answers come. */
interface Memory { readonly written: Written; readonly dirty: Dirty; readonly writing: PMap<string, true> }
interface Step { readonly service: Service; readonly names: readonly (string | undefined)[] }
type Context = SyncContext<Memory, Step>;
type Result = SyncResult<Memory, Step>;

/** Models pkg/controller/endpointslice/endpointslice_controller.go and staging/src/k8s.io/endpointslice/reconciler.go. Keys are Services. */
export const endpointSliceController = defineController<Memory, Step>({
  name: 'endpointslice-controller',
  serviceAccount: 'endpointslice-controller',
  component: 'endpoint-slice-controller',
  resources: ['services', 'pods', 'endpointslices'],
  concurrency: 5,
  memory: () => ({ written: PMap(), dirty: PMap(), writing: PMap() }),
  react(news, { list, memory }) {
    const key = objectKey(news.object);
    if (news.resource === 'services') {
      return { keys: [key], memory: news.type === 'deleted' ? { ...memory, written: memory.written.delete(key), dirty: memory.dirty.delete(key) } : { ...memory, dirty: memory.dirty.set(key, 'all') } };
    }
    if (news.resource === 'endpointslices') return reactToSlice(news.object as EndpointSlice, news.type === 'deleted', memory);
    const services = servicesToUpdate(news, list);
    if (services === undefined) return undefined;
    let { dirty } = memory;
    for (const service of services) {
      const before = dirty.get(service) ?? PMap<string, string>();
      if (before !== 'all') dirty = dirty.set(service, before.set(key, news.object.metadata.uid ?? ''));
    }
    return { keys: services, memory: { ...memory, dirty } };
  },
  sync(context) {
    const { key, list, step, answers, memory } = context;
    if (step !== undefined) return afterWrites(context, step, answers);
    const { namespace, name } = splitObjectKey(key);
    const service = list('services').get(namespace, name);
    if (service === undefined) return { memory: { ...memory, written: memory.written.delete(key), dirty: memory.dirty.delete(key) } };
    const changed = memory.dirty.get(key);
    const { selector, type } = service.spec;
    if (changed === undefined || selector === undefined || type === 'ExternalName' || service.metadata.deletionTimestamp !== undefined) return finished;
    const result = reconcile(context, service, selector, changed);
    const dirty = memory.dirty.delete(key);
    return { ...result, memory: result.requests === undefined ? { ...memory, dirty } : { ...memory, dirty, writing: memory.writing.set(key, true) } };
  },
});

const revision = (slice: EndpointSlice): number => Number(slice.metadata.resourceVersion ?? 0);

/** The cache has caught up with a write of ours, or somebody else has touched a slice. */
function reactToSlice(slice: EndpointSlice, deleted: boolean, memory: Memory): Reaction<Memory> | undefined {
  const service = slice.metadata.labels?.['kubernetes.io/service-name'];
  if (service === undefined || slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] !== managedBy) return undefined;
  const key = `${slice.metadata.namespace}/${service}`;
  const written = memory.written.get(key);
  const ours = written?.get(slice.metadata.name);
  if (ours === undefined) {
    if (memory.writing.has(key)) return undefined;
    return { keys: [{ key, afterUs: 1_000_000 }], memory: { ...memory, dirty: memory.dirty.set(key, 'all') } };
  }
  if (deleted ? ours !== null : ours === null || revision(slice) < revision(ours)) return undefined;
  const rest = written!.delete(slice.metadata.name);
  return { memory: { ...memory, written: rest.size === 0 ? memory.written.delete(key) : memory.written.set(key, rest) } };
}

function knownSlices({ key, list, memory }: Context): readonly EndpointSlice[] {
  const written = memory.written.get(key);
  const slices: EndpointSlice[] = [];
  for (const slice of list('endpointslices').byIndex('service', key)) {
    if (slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] !== managedBy || slice.metadata.deletionTimestamp !== undefined) continue;
    if (written?.has(slice.metadata.name) !== true) slices.push(slice);
  }
  if (written !== undefined) for (const slice of written.values()) if (slice !== null) slices.push(slice);
  return slices;
}

function zoneOf(pod: Pod, list: Listers): string | undefined {
  return list('nodes').get('', pod.spec.nodeName ?? '')?.metadata.labels?.['topology.kubernetes.io/zone'];
}

/** The whole Service, by going through all Pods of its namespace. */
function planAll({ list }: Context, service: Service, selector: StringMap, slices: readonly EndpointSlice[]): SlicePlan {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of list('pods').byIndex('namespace', service.metadata.namespace ?? '')) {
    if (!carries(pod.metadata.labels, selector) || !canBeEndpoint(pod)) continue;
    const ports = endpointPorts(service, pod);
    const id = ports.map(({ name, protocol, port }) => `${name}/${protocol}/${port}`).join();
    let group = groups.get(id);
    if (group === undefined) groups.set(id, group = { ports, endpoints: [] });
    group.endpoints.push(podToEndpoint(pod, service, zoneOf(pod, list)));
  }
  return planSlices([...groups.values()], slices);
}

/** The Pods that may have changed only. Named ports may differ from Pod to Pod: then the whole Service is looked at. */
function planSome({ list }: Context, service: Service, selector: StringMap, changed: PMap<string, string>, slices: readonly EndpointSlice[]): SlicePlan | undefined {
  if (service.spec.ports?.some(({ targetPort }) => typeof targetPort === 'string')) return undefined;
  const wanted = new Map<string, Endpoint | undefined>();
  let ports: readonly EndpointPort[] | undefined;
  for (const [key, uid] of changed) {
    const { namespace, name } = splitObjectKey(key);
    const pod = list('pods').get(namespace, name);
    const there = pod !== undefined && pod.metadata.uid === uid && carries(pod.metadata.labels, selector) && canBeEndpoint(pod);
    if (there) ports ??= endpointPorts(service, pod);
    wanted.set(uid, there ? podToEndpoint(pod, service, zoneOf(pod, list)) : undefined);
  }
  ports ??= slices[0]?.ports ?? undefined;
  return ports === undefined ? undefined : planChanges(wanted, ports, slices);
}

function reconcile(context: Context, service: Service, selector: StringMap, changed: PMap<string, string> | 'all'): Result {
  const { key } = context;
  const { namespace = '' } = service.metadata;
  const slices = knownSlices(context);
  const plan = (changed === 'all' ? undefined : planSome(context, service, selector, changed, slices)) ?? planAll(context, service, selector, slices);
  const requests = [
    ...plan.create.map((slice) => create('endpointslices', namespace, { ...slice, metadata: sliceMetadata(service) })),
    ...plan.update.map((slice) => update(slice)), ...plan.remove.map(({ metadata }) => remove('endpointslices', namespace, metadata.name)),
  ];
  if (requests.length === 0) return finished;
  const names = [...plan.create.map(() => undefined), ...plan.update.map(({ metadata }) => metadata.name), ...plan.remove.map(({ metadata }) => metadata.name)];
  const which = changed === 'all' ? 'all its Pods' : `${changed.size} ${changed.size === 1 ? 'Pod' : 'Pods'} that changed`;
  const text = `Service ${key}: after ${which}: ${plan.create.length} slices to create, ${plan.update.length} to update, ${plan.remove.length} to delete`;
  return { requests, next: { service, names }, notes: [{ name: 'endpoints', text }] };
}

function afterWrites(context: Context, { service, names }: Step, answers: readonly Answer[]): Result {
  const { key, list, memory } = context;
  let written = memory.written.get(key) ?? PMap<string, EndpointSlice | null>();
  let failure: string | undefined;
  let overtaken = false;
  answers.forEach(({ ok, code, body }, index) => {
    if (!ok && code !== 404) { failure ??= `status ${code}`; return; }
    const slice = ok && body?.kind === 'EndpointSlice' && (body as EndpointSlice).metadata.deletionTimestamp === undefined ? body as EndpointSlice : null;
    const name = slice?.metadata.name ?? names[index];
    if (name === undefined) return;
    const seen = list('endpointslices').get(service.metadata.namespace ?? '', name);
    if (slice !== null && seen !== undefined && revision(seen) > revision(slice)) overtaken = true;
    const caughtUp = slice === null ? seen === undefined : seen !== undefined && revision(seen) >= revision(slice);
    written = caughtUp ? written.delete(name) : written.set(name, slice);
  });
  const dirty = failure !== undefined || overtaken ? memory.dirty.set(key, 'all') : memory.dirty;
  const next: Memory = { dirty, written: written.size === 0 ? memory.written.delete(key) : memory.written.set(key, written), writing: memory.writing.delete(key) };
  if (failure === undefined) return overtaken ? { memory: next, requeueAfterUs: 1_000_000 } : { memory: next };
  const events = [{ regarding: service, type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message: `Error updating Endpoint Slices for Service ${key}: ${failure}` }] as const;
  return { memory: next, error: failure, events };
}
