import { Map as PMap } from 'immutable';
import { objectKey, splitObjectKey, type EndpointPort, type EndpointSlice, type Endpoint, type Pod, type Service, type StringMap } from '../../../kubernetes/api/index.ts';
import { defineController, finished, type Answer, type Listers, type SyncContext, type SyncResult } from '../controller.ts';
import { canBeEndpoint, endpointChanged, endpointPorts, managedBy, planSlices, podToEndpoint, sliceMetadata, type EndpointGroup } from '../plans/endpoint-slices.ts';
import { create, remove, update } from '../requests.ts';

/** By Service, the slices as this controller last wrote them, until the cache shows them; undefined: deleted. Upstream's EndpointSliceTracker. */
type Written = PMap<string, PMap<string, EndpointSlice | null>>;
interface Step { readonly service: Service; readonly names: readonly (string | undefined)[] }
type Context = SyncContext<Written, Step>;
type Result = SyncResult<Written, Step>;

/** Models pkg/controller/endpointslice/endpointslice_controller.go and staging/src/k8s.io/endpointslice/reconciler.go. Keys are Services. */
export const endpointSliceController = defineController<Written, Step>({
  name: 'endpointslice-controller',
  serviceAccount: 'endpointslice-controller',
  component: 'endpoint-slice-controller',
  resources: ['services', 'pods', 'endpointslices'],
  concurrency: 5,
  memory: () => PMap(),
  react(news, { list, memory }) {
    if (news.resource === 'services') return { keys: [objectKey(news.object)], ...(news.type === 'deleted' ? { memory: memory.delete(objectKey(news.object)) } : {}) };
    if (news.resource === 'endpointslices') return reactToSlice(news.object as EndpointSlice, news.type === 'deleted', memory);
    const pod = news.object as Pod;
    const old = news.old as Pod | undefined;
    const relabelled = old !== undefined && old.metadata.labels !== pod.metadata.labels;
    if (old !== undefined && !relabelled && !endpointChanged(old, pod)) return undefined;
    if (old === undefined && !canBeEndpoint(pod)) return undefined;
    const keys = servicesOf(pod, list);
    return { keys: relabelled ? [...keys, ...servicesOf(old!, list)] : keys };
  },
  sync(context) {
    const { key, list, step, answers } = context;
    if (step !== undefined) return afterWrites(context, step, answers);
    const { namespace, name } = splitObjectKey(key);
    const service = list('services').get(namespace, name);
    if (service === undefined) return { memory: context.memory.delete(key) };
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName' || service.metadata.deletionTimestamp !== undefined) return finished;
    return reconcile(context, service, service.spec.selector);
  },
});

function carries(labels: StringMap | undefined, selector: StringMap): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false;
  return true;
}

function servicesOf(pod: Pod, list: Listers): readonly string[] {
  const keys: string[] = [];
  for (const service of list('services').byIndex('namespace', pod.metadata.namespace ?? '')) {
    if (service.spec.selector !== undefined && carries(pod.metadata.labels, service.spec.selector)) keys.push(objectKey(service));
  }
  return keys;
}

const revision = (slice: EndpointSlice): number => Number(slice.metadata.resourceVersion ?? 0);

/** The cache has caught up with a write of ours, or somebody else has touched a slice. */
function reactToSlice(slice: EndpointSlice, deleted: boolean, memory: Written) {
  const service = slice.metadata.labels?.['kubernetes.io/service-name'];
  if (service === undefined || slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] !== managedBy) return undefined;
  const key = `${slice.metadata.namespace}/${service}`;
  const written = memory.get(key);
  const ours = written?.get(slice.metadata.name);
  if (ours === undefined) return { keys: [{ key, afterUs: 1_000_000 }] };
  if (deleted ? ours !== null : ours === null || revision(slice) < revision(ours)) return undefined;
  const rest = written!.delete(slice.metadata.name);
  return { memory: rest.size === 0 ? memory.delete(key) : memory.set(key, rest) };
}

function knownSlices({ key, list, memory }: Context): readonly EndpointSlice[] {
  const written = memory.get(key);
  const slices: EndpointSlice[] = [];
  for (const slice of list('endpointslices').byIndex('service', key)) {
    if (slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] !== managedBy || slice.metadata.deletionTimestamp !== undefined) continue;
    if (written?.has(slice.metadata.name) !== true) slices.push(slice);
  }
  if (written !== undefined) for (const slice of written.values()) if (slice !== null) slices.push(slice);
  return slices;
}

function reconcile(context: Context, service: Service, selector: StringMap): Result {
  const { key, list } = context;
  const { namespace = '' } = service.metadata;
  const named = service.spec.ports?.some(({ targetPort }) => typeof targetPort === 'string') ?? false;
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  let shared: { ports: readonly EndpointPort[]; endpoints: Endpoint[] } | undefined;
  for (const pod of list('pods').byIndex('namespace', namespace)) {
    if (!carries(pod.metadata.labels, selector) || !canBeEndpoint(pod)) continue;
    let group = named ? undefined : shared;
    if (group === undefined) {
      const ports = endpointPorts(service, pod);
      const id = ports.map(({ name, protocol, port }) => `${name}/${protocol}/${port}`).join();
      group = groups.get(id);
      if (group === undefined) groups.set(id, group = { ports, endpoints: [] });
      if (!named) shared = group;
    }
    const zone = list('nodes').get('', pod.spec.nodeName ?? '')?.metadata.labels?.['topology.kubernetes.io/zone'];
    group.endpoints.push(podToEndpoint(pod, service, zone));
  }
  const plan = planSlices([...groups.values()] as readonly EndpointGroup[], knownSlices(context));
  const requests = [
    ...plan.create.map((slice) => create('endpointslices', namespace, { ...slice, metadata: sliceMetadata(service) })),
    ...plan.update.map((slice) => update(slice)), ...plan.remove.map(({ metadata }) => remove('endpointslices', namespace, metadata.name)),
  ];
  if (requests.length === 0) return finished;
  const names = [...plan.create.map(() => undefined), ...plan.update.map(({ metadata }) => metadata.name), ...plan.remove.map(({ metadata }) => metadata.name)];
  let ready = 0; let all = 0;
  for (const { endpoints } of groups.values()) for (const endpoint of endpoints) { all += 1; if (endpoint.conditions?.ready === true) ready += 1; }
  return { requests, then: { service, names }, notes: [{ name: 'endpoints', text: `Service ${key} has ${all} endpoints, ${ready} ready: ${plan.create.length} slices to create, ${plan.update.length} to update, ${plan.remove.length} to delete` }] };
}

function afterWrites(context: Context, { service, names }: Step, answers: readonly Answer[]): Result {
  const { key, list } = context;
  let written = context.memory.get(key) ?? PMap<string, EndpointSlice | null>();
  let failure: string | undefined;
  answers.forEach(({ ok, code, body }, index) => {
    const isSlice = ok && body?.kind === 'EndpointSlice' && (body as EndpointSlice).metadata.deletionTimestamp === undefined;
    const name = isSlice ? (body as EndpointSlice).metadata.name : names[index];
    if (!ok && code !== 404) { failure ??= `status ${code}`; return; }
    if (name === undefined) return;
    const seen = list('endpointslices').get(service.metadata.namespace ?? '', name);
    const slice = isSlice && ok ? body as EndpointSlice : null;
    // The watch may have told of the write before its answer came.
    const caughtUp = slice === null ? seen === undefined : seen !== undefined && revision(seen) >= revision(slice);
    written = caughtUp ? written.delete(name) : written.set(name, slice);
  });
  const memory = written.size === 0 ? context.memory.delete(key) : context.memory.set(key, written);
  if (failure === undefined) return { memory };
  const events = [{ regarding: service, type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message: `Error updating Endpoint Slices for Service ${key}: ${failure}` }] as const;
  return { memory, error: failure, events };
}
