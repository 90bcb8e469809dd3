import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type EndpointSlice, type KubeObject, type Service } from '../../../kubernetes/api/index.ts';
import type { Endpoints } from '../../../kubernetes/api/kept-specs.ts';
import { defineCode, finished, type Answer, type Listers, type ObjectNews, type SyncContext, type SyncResult } from '../controller.ts';
import { endpointsIn } from '../plans/endpoints-resource.ts';
import { isMirrored, mirror, shouldMirror } from '../plans/mirrored-slices.ts';
import { create, remove, update } from '../requests.ts';

/** `written`: by Service, the slices it last wrote and their versions, until the cache shows them. Models EndpointSliceTracker. */
interface Memory { readonly written: PMap<string, ReadonlyMap<string, number>> }
type Step = { readonly at: 'writing' } | { readonly at: 'removing' };
type Result = SyncResult<Memory, Step>;

/** What a controller that finds its cache out of date waits before it looks again: defaultSyncBackOff. */
const staleUs = 1_000_000;
const revision = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion ?? 0);
const selects = (object: KubeObject | undefined): boolean => (object as Service | undefined)?.spec.selector !== undefined;

/** Makes EndpointSlices of Endpoints that somebody made for a Service without a selector. Models pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go. Keys are Endpoints. */
export const endpointSliceMirroringController = defineCode<Memory, Step>({
  memory: () => ({ written: PMap() }),
  react(news, { list, memory }) {
    if (!isNews(news, list)) return undefined;
    if (news.resource !== 'endpointslices') return { keys: [objectKey(news.object)] };
    const key = `${news.object.metadata.namespace}/${news.object.metadata.labels?.['kubernetes.io/service-name']}`;
    return news.type === 'deleted' ? { keys: [key], memory: { ...memory, written: memory.written.delete(key) } } : { keys: [key] };
  },
  sync(context) {
    const { key, step, list, memory } = context;
    if (step !== undefined) return answered(context, step);
    const { namespace, name } = splitObjectKey(key);
    const slices = ([...list('endpointslices').byIndex('service', key)] as readonly EndpointSlice[]).filter((slice) => isMirrored(slice) && slice.metadata.deletionTimestamp === undefined);
    const [endpoints, service] = [endpointsIn(list).get(namespace, name), list('services').get(namespace, name)];
    if (endpoints === undefined || !shouldMirror(endpoints as unknown as KubeObject) || service === undefined || selects(service)) return cleanUp(context, slices);
    if (isStale(memory.written.get(key), list, namespace)) return { requeueAfterUs: staleUs };
    return reconcile(context, endpoints, slices);
  },
});

function isNews({ resource, object, old, type }: ObjectNews, list: Listers): boolean {
  switch (resource) {
    case 'endpoints': return (shouldMirror(object) || (old !== undefined && shouldMirror(old as KubeObject))) && !selects(list('services').get(object.metadata.namespace ?? '', object.metadata.name));
    case 'services': return type === 'updated' ? selects(object) !== selects(old as KubeObject) : !selects(object);
    case 'endpointslices': return isMirrored(object) || (old !== undefined && isMirrored(old as KubeObject));
    default: return false;
  }
}

function isStale(written: ReadonlyMap<string, number> | undefined, list: Listers, namespace: string): boolean {
  for (const [name, at] of written ?? []) {
    const seen = list('endpointslices').get(namespace, name);
    if (seen === undefined || revision(seen) < at) return true;
  }
  return false;
}

/** Models deleteMirroredSlices. */
function cleanUp({ key, memory }: SyncContext<Memory, Step>, slices: readonly EndpointSlice[]): Result {
  const forgotten = memory.written.has(key) ? { memory: { ...memory, written: memory.written.delete(key) } } : {};
  if (slices.length === 0) return forgotten;
  return { ...forgotten, requests: slices.map(({ metadata: { namespace = '', name } }) => remove('endpointslices', namespace, name)), next: { at: 'removing' } };
}

function reconcile({ key }: SyncContext<Memory, Step>, endpoints: Endpoints, slices: readonly EndpointSlice[]): Result {
  const { namespace = '' } = endpoints.metadata;
  const plan = mirror(endpoints, slices);
  const requests = [
    ...(endpoints.metadata.deletionTimestamp === undefined ? plan.create.map((slice) => create('endpointslices', namespace, slice)) : []),
    ...plan.update.map((slice) => update(slice)), ...plan.remove.map(({ metadata: { name } }) => remove('endpointslices', namespace, name)),
  ];
  const events = plan.skipped === 0 ? [] : [{ regarding: endpoints as unknown as KubeObject, type: 'Warning' as const, reason: 'TooManyAddressesToMirror', message: `A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. ${plan.skipped} addresses were skipped` }];
  if (requests.length === 0) return { events };
  const text = `Endpoints ${key}: ${plan.create.length} slices to create, ${plan.update.length} to update, ${plan.remove.length} to delete`;
  return { requests, next: { at: 'writing' }, events, notes: [{ name: 'endpoints', text }] };
}

const isGone = ({ ok, code }: Answer): boolean => ok || code === 404;
const namespaceEnds = ({ code, body }: Answer): boolean => code === 403 && ((body as { readonly details?: { readonly causes?: readonly { readonly reason?: string }[] } } | undefined)?.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');

function answered({ key, answers, memory }: SyncContext<Memory, Step>, { at }: Step): Result {
  if (at === 'removing') return answers.every(isGone) ? finished : { error: `could not delete the mirrored slices of ${key}` };
  const now = new Map<string, number>();
  for (const { ok, body } of answers) if (ok && body?.kind === 'EndpointSlice' && (body as KubeObject).metadata.deletionTimestamp === undefined) now.set((body as KubeObject).metadata.name, revision(body as KubeObject));
  const next = { memory: { ...memory, written: memory.written.set(key, now) } };
  return answers.every((answer) => isGone(answer) || namespaceEnds(answer)) ? next : { ...next, error: `could not mirror Endpoints ${key}` };
}
