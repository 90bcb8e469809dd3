import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type KubeObject, type Pod, type Service } from '../../../kubernetes/api/index.ts';
import type { Endpoints } from '../../../kubernetes/api/kept-specs.ts';
import { defineController, finished, type Listers, type SyncContext, type SyncResult } from '../controller.ts';
import { endpointsIn, endpointsResource } from '../plans/endpoints-resource.ts';
import { endpointsOf } from '../plans/endpoint-subsets.ts';
import { carries, makesEndpoints, servicesToUpdate } from '../plans/services-of-pods.ts';
import { create, remove, update } from '../requests.ts';

/** `followedAtUs`: since when it follows Endpoints. `written`: as it last wrote them, until the cache shows it. Models staleEndpointsTracker, which has the work done again instead. */
interface Memory { readonly followedAtUs?: number; readonly written: PMap<string, Endpoints> }
type Step = { readonly wrote: Service; readonly fresh: boolean } | { readonly removed: true };
type Result = SyncResult<Memory, Step>;

/** Upstream waits for its caches; this one is asked for only when there is a Service that selects Pods. */
const fillUs = 100_000;
const revision = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion ?? 0);

/** Keeps the Endpoints of Services that select Pods, all addresses in one object. Models pkg/controller/endpoint/endpoints_controller.go: syncService. Keys are Services. */
export const endpointsController = defineController<Memory, Step>({
  name: 'endpoints-controller',
  serviceAccount: 'endpoint-controller',
  component: 'endpoint-controller',
  resources: ['services', 'pods'],
  followsMore: true,
  concurrency: 5,
  memory: () => ({ written: PMap() }),
  react(news, { list, memory }) {
    if (news.resource === 'services') return news.type === 'deleted' || makesEndpoints(news.object as Service) ? { keys: [objectKey(news.object)] } : undefined;
    if (memory.followedAtUs === undefined) return undefined;
    if (news.resource === 'pods') {
      const keys = servicesToUpdate(news, list);
      return keys === undefined || keys.length === 0 ? undefined : { keys };
    }
    if (news.resource !== endpointsResource.resource) return undefined;
    const key = objectKey(news.object);
    const ours = memory.written.get(key);
    const caughtUp = ours !== undefined && (news.type === 'deleted' || revision(news.object) >= revision(ours)) ? { memory: { ...memory, written: memory.written.delete(key) } } : undefined;
    return news.type === 'deleted' && list('services').get(news.object.metadata.namespace ?? '', news.object.metadata.name) !== undefined ? { ...caughtUp, keys: [key] } : caughtUp;
  },
  sync(context) {
    const { key, list, step, memory, nowUs } = context;
    if (step !== undefined) return answered(context, step);
    const { namespace, name } = splitObjectKey(key);
    const service = list('services').get(namespace, name);
    if (service === undefined) return { requests: [remove(endpointsResource, namespace, name)], next: { removed: true }, memory: { ...memory, written: memory.written.delete(key) } };
    if (!makesEndpoints(service)) return finished;
    if (memory.followedAtUs === undefined) return { follow: [endpointsResource], memory: { ...memory, followedAtUs: nowUs }, requeueAfterUs: fillUs };
    const waitsUs = memory.followedAtUs + fillUs - nowUs;
    return waitsUs > 0 ? { requeueAfterUs: waitsUs } : reconcile(context, service);
  },
});

function *podsOf(list: Listers, { metadata: { namespace = '' }, spec: { selector = {} } }: Service): Iterable<Pod> {
  for (const pod of list('pods').byIndex('namespace', namespace)) if (carries(pod.metadata.labels, selector)) yield pod;
}

function reconcile({ key, list, memory }: SyncContext<Memory, Step>, service: Service): Result {
  const { namespace = '', name } = service.metadata;
  const current = memory.written.get(key) ?? endpointsIn(list).get(namespace, name);
  const wanted = endpointsOf(service, podsOf(list, service), current);
  if (wanted === undefined) return finished;
  const next: Step = { wrote: service, fresh: current === undefined };
  return { requests: [current === undefined ? create(endpointsResource, namespace, wanted as unknown as KubeObject) : update(wanted as unknown as KubeObject)], next };
}

function answered({ key, answers, memory, list }: SyncContext<Memory, Step>, step: Step): Result {
  const { ok, code, body } = answers[0]!;
  if ('removed' in step) return ok || code === 404 ? finished : { error: `could not delete Endpoints ${key}` };
  if (ok) {
    const { namespace, name } = splitObjectKey(key);
    const [now, seen] = [body as unknown as Endpoints, endpointsIn(list).get(namespace, name)];
    const caughtUp = seen !== undefined && revision(seen as unknown as KubeObject) >= revision(now as unknown as KubeObject);
    return { memory: { ...memory, written: caughtUp ? memory.written.delete(key) : memory.written.set(key, now) } };
  }
  const terminating = (body as { readonly details?: { readonly causes?: readonly { readonly reason?: string }[] } } | undefined)?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;
  if (step.fresh && terminating) return finished;
  const { message = `status ${code}` } = (body ?? {}) as { readonly message?: string };
  const [reason, what] = step.fresh ? ['FailedToCreateEndpoint', 'create endpoint for service'] as const : ['FailedToUpdateEndpoint', 'update endpoint'] as const;
  return {
    memory: { ...memory, written: memory.written.delete(key) }, error: `could not write Endpoints ${key}: ${message}`,
    events: [{ regarding: { apiVersion: 'v1', kind: 'Endpoints', metadata: step.wrote.metadata } as unknown as KubeObject, type: 'Warning', reason, message: `Failed to ${what} ${key}: ${message}` }],
  };
}
