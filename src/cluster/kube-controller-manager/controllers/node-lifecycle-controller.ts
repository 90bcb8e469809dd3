import { PMap } from '../../../simulation/collections/index.ts';
import type { KubeObject, Node, Pod, Taint } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { defineController, finished, type ControllerEvent, type ControllerRequest, type SyncContext, type SyncResult, type Wanted } from '../controller.ts';
import {
  evictionIntervalUs, hasTaint, isSilent, monitorPeriodUs, noScheduleTaints, notReadyKey, observeNode, readyOf, swapNoExecute, unreachableKey, withUnknownConditions, zoneOf, zoneStateOf,
  type NodeHealth, type ZoneState,
} from '../plans/node-health.ts';
import { isPodReady } from '../plans/pod-state.ts';
import { patch, update } from '../requests.ts';

/** A zone's disruption, the nodes that wait for their NoExecute taint, and when the next may have it. */
interface Zone { readonly state: ZoneState; readonly size: number; readonly waiting: readonly string[]; readonly nextAtUs: number }
interface Memory { readonly health: PMap<string, NodeHealth>; readonly known: PMap<string, KubeObject>; readonly zones: PMap<string, Zone> }
type Step = { readonly at: 'silencing'; readonly node: Node; readonly wasReady: boolean } | { readonly at: 'marking'; readonly pods: readonly Pod[] } | { readonly at: 'tainting' };
type Context = SyncContext<Memory, Step>;
type Result = SyncResult<Memory, Step>;

const emptyZone: Zone = { state: 'Initial', size: 0, waiting: [], nextAtUs: 0 };
const noExecuteKeys = [notReadyKey, unreachableKey];

/**
 * Models pkg/controller/nodelifecycle/node_lifecycle_controller.go. Keys: `monitor` (every 5 s), `silent/x` (a node has been silent too long), `taint/x`
 * (conditions → NoSchedule taints), `reachable/x` (take NoExecute taints off), `swap/x`, `evict/zone` (the rate-limited queue of NoExecute taints), `pod/ns/x`.
 */
export const nodeLifecycleController = defineController<Memory, Step>({
  name: 'node-lifecycle-controller',
  serviceAccount: 'node-controller',
  component: 'node-controller',
  resources: ['nodes', 'pods'],
  concurrency: 8,
  startsWith: ['monitor'],
  memory: () => ({ health: PMap(), known: PMap(), zones: PMap() }),
  react(news) {
    if (news.resource === 'nodes') return news.type === 'deleted' ? undefined : { keys: [`taint/${news.object.metadata.name}`] };
    const pod = news.object as Pod;
    const bound = news.type !== 'deleted' && pod.spec.nodeName !== undefined && pod.spec.nodeName !== (news.old as Pod | undefined)?.spec.nodeName;
    // Upstream queues every bound Pod; one that is not ready would be left alone.
    return bound && isPodReady(pod) ? { keys: [`pod/${pod.metadata.namespace}/${pod.metadata.name}`] } : undefined;
  },
  sync(context) {
    const { key, step } = context;
    if (key === 'monitor') return monitor(context);
    const slash = key.indexOf('/');
    const name = key.slice(slash + 1);
    if (step?.at === 'tainting') return context.answers.every(({ ok, code }) => ok || code === 404) ? finished : { error: 'could not write the taints' };
    if (key.startsWith('pod/')) return processPod(context, name);
    if (key.startsWith('evict/')) return evictInTurn(context, name);
    const node = context.list('nodes').get('', name);
    if (node === undefined) return finished;
    if (key.startsWith('silent/')) return fallSilent(context, node);
    if (key.startsWith('taint/')) return writeTaints(node, noScheduleTaints(node, context.nowUs));
    if (key.startsWith('reachable/')) return writeTaints(node, swapNoExecute(node, undefined, noExecuteKeys, context.nowUs));
    const put = readyOf(node)?.status === 'Unknown' ? unreachableKey : notReadyKey;
    return writeTaints(node, swapNoExecute(node, put, noExecuteKeys.filter((other) => other !== put), context.nowUs));
  },
});

/** Taints have no merge key, so a patch carries the whole list. */
function writeTaints(node: Node, taints: readonly Taint[] | undefined): Result {
  if (taints === undefined) return finished;
  const body = { metadata: { resourceVersion: node.metadata.resourceVersion }, spec: { taints: taints.length === 0 ? null : taints } };
  return { requests: [patch(node, body, 'application/strategic-merge-patch+json')], next: { at: 'tainting' } };
}

/** Look at every node: who gave a sign of life, who must be tainted, who is well again. Models monitorNodeHealth. */
function monitor({ list, memory, nowUs }: Context): Result {
  const keys: Wanted[] = [];
  const events: ControllerEvent[] = [];
  const counts = new Map<string, { ready: number; notReady: number }>();
  let { known, zones } = memory;
  const queueing: Node[] = [];
  const health = memory.health.withMutations((map) => {
    for (const node of list('nodes').all()) {
      const { name } = node.metadata;
      if (!known.has(name)) {
        known = known.set(name, node);
        events.push({ regarding: node, type: 'Normal', reason: 'RegisteredNode', message: `Node ${name} event: Registered Node ${name} in Controller` });
      }
      const before = map.get(name);
      const seen = observeNode(before, node, list('leases').get('kube-node-lease', name), nowUs);
      if (seen !== before) map.set(name, seen);
      const status = readyOf(node)?.status;
      if (isSilent(node, seen, nowUs) && status !== 'Unknown') keys.push(`silent/${name}`);
      const zone = zoneOf(node);
      const count = counts.get(zone) ?? { ready: 0, notReady: 0 };
      counts.set(zone, status === 'True' ? { ...count, ready: count.ready + 1 } : { ...count, notReady: count.notReady + 1 });
      if (status === 'True') {
        if (hasTaint(node, notReadyKey, 'NoExecute') || hasTaint(node, unreachableKey, 'NoExecute')) keys.push(`reachable/${name}`);
      } else if (status !== undefined) {
        const wanted = status === 'Unknown' ? unreachableKey : notReadyKey;
        const other = status === 'Unknown' ? notReadyKey : unreachableKey;
        if (hasTaint(node, other, 'NoExecute')) keys.push(`swap/${name}`);
        else if (!hasTaint(node, wanted, 'NoExecute')) queueing.push(node);
      }
    }
    for (const [name, node] of known) {
      if (list('nodes').get('', name) !== undefined) continue;
      known = known.delete(name);
      map.delete(name);
      events.push({ regarding: node, type: 'Normal', reason: 'RemovingNode', message: `Node ${name} event: Removing Node ${name} from Controller` });
    }
  });
  const disruption = handleDisruption(zones, counts, queueing, list('nodes').all());
  zones = disruption.zones;
  keys.push(...disruption.keys);
  const restarted = disruption.recovered ? health.map((entry) => ({ ...entry, probedAtUs: nowUs })) : health;
  return { memory: { health: restarted, known, zones }, events, keys, notes: disruption.notes, requeueAfterUs: monitorPeriodUs, requeueInBackground: true };
}

/** Zones full of dead nodes slow eviction; when every zone is dead, the fault is likelier ours, and nothing is evicted. Models handleDisruption. */
function handleDisruption(before: PMap<string, Zone>, counts: ReadonlyMap<string, { ready: number; notReady: number }>, queueing: readonly Node[], nodes: Iterable<Node>) {
  const keys: Wanted[] = [];
  const notes: { name: string; text: string }[] = [];
  let allNow = counts.size > 0;
  for (const { ready, notReady } of counts.values()) if (zoneStateOf(ready, notReady) !== 'FullDisruption') allNow = false;
  let allBefore = before.size > 0;
  for (const zone of before.values()) if (zone.state !== 'FullDisruption') allBefore = false;
  const zones = PMap<string, Zone>().withMutations((map) => {
    for (const [name, { ready, notReady }] of counts) {
      const zone = before.get(name) ?? emptyZone;
      const state = zoneStateOf(ready, notReady);
      if (zone.state !== state && zone.state !== 'Initial') notes.push({ name: 'zone', text: `Zone ${name === '' ? '(none)' : name} is now in state ${state}: ${notReady} of ${ready + notReady} nodes are not ready` });
      const waiting = allNow ? [] : zone.waiting.filter((entry) => queueing.some((node) => node.metadata.name === entry));
      const added = allNow ? [] : queueing.filter((node) => zoneOf(node) === name && !waiting.includes(node.metadata.name)).map((node) => node.metadata.name);
      map.set(name, { ...zone, state, size: ready + notReady, waiting: [...waiting, ...added] });
      if (waiting.length + added.length > 0) keys.push(`evict/${name}`);
    }
  });
  if (allNow && !allBefore) for (const node of nodes) if (swapNoExecute(node, undefined, noExecuteKeys, 0) !== undefined) keys.push(`reachable/${node.metadata.name}`);
  return { zones, keys, notes, recovered: allBefore && !allNow };
}

/** One NoExecute taint every 10 s in a zone. Models doNoExecuteTaintingPass. */
function evictInTurn({ key, list, memory, nowUs }: Context, name: string): Result {
  const zone = memory.zones.get(name);
  if (zone === undefined || zone.waiting.length === 0) return finished;
  const intervalUs = evictionIntervalUs(zone.state, zone.size);
  if (intervalUs === undefined) return finished;
  if (nowUs < zone.nextAtUs) return { keys: [{ key, afterUs: zone.nextAtUs - nowUs }] };
  const [first, ...waiting] = zone.waiting;
  const node = list('nodes').get('', first!);
  const ready = node === undefined ? 'True' : readyOf(node)?.status;
  const zones = memory.zones.set(name, { ...zone, waiting, nextAtUs: ready === 'True' ? zone.nextAtUs : nowUs + intervalUs });
  const again = waiting.length > 0 ? [{ key, afterUs: ready === 'True' ? 0 : intervalUs }] : [];
  return { memory: { ...memory, zones }, keys: ready === 'True' ? again : [`swap/${first}`, ...again] };
}

function fallSilent(context: Context, node: Node): Result {
  const { step, answers, memory, list, nowUs } = context;
  if (step?.at === 'marking') return finished;
  if (step?.at === 'silencing') {
    if (!answers[0]!.ok) return { error: 'could not write the node status' };
    if (!step.wasReady) return finished;
    const pods = [...list('pods').byIndex('node', node.metadata.name)].filter(isPodReady);
    return {
      events: [{ regarding: node, type: 'Normal', reason: 'NodeNotReady', message: `Node ${node.metadata.name} status is now: NodeNotReady` }, ...pods.map(notReadyEvent)],
      requests: pods.map((pod) => markNotReady(pod, nowUs)), next: { at: 'marking', pods },
    };
  }
  const health = memory.health.get(node.metadata.name);
  const unknown = health === undefined || !isSilent(node, health, nowUs) ? undefined : withUnknownConditions(node, nowUs);
  if (unknown === undefined) return finished;
  const silence = Math.floor((nowUs - health!.probedAtUs) / 1_000_000);
  return {
    requests: [update(unknown, 'status')], next: { at: 'silencing', node, wasReady: readyOf(node)?.status === 'True' },
    notes: [{ name: 'node-silent', text: `Node ${node.metadata.name} has not been heard of for ${silence} s (grace 50 s): its conditions become Unknown` }],
  };
}

const notReadyEvent = (pod: Pod): ControllerEvent => ({ regarding: pod, type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' });

/** Models pkg/controller/util/node/controller_utils.go: MarkPodsNotReady. */
const markNotReady = (pod: Pod, nowUs: number): ControllerRequest =>
  patch(pod, { metadata: { uid: pod.metadata.uid }, status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: formatTime(nowUs) }] } }, 'application/strategic-merge-patch+json', 'status');

/** A Pod that was bound to a node that is not ready cannot be ready. */
function processPod({ list, step, nowUs }: Context, key: string): Result {
  if (step !== undefined) return finished;
  const slash = key.indexOf('/');
  const pod = list('pods').get(key.slice(0, slash), key.slice(slash + 1));
  const node = pod?.spec.nodeName === undefined ? undefined : list('nodes').get('', pod.spec.nodeName);
  if (pod === undefined || node === undefined || !isPodReady(pod)) return finished;
  const ready = readyOf(node);
  if (ready === undefined || ready.status === 'True') return finished;
  return { requests: [markNotReady(pod, nowUs)], next: { at: 'marking', pods: [pod] }, events: [notReadyEvent(pod)] };
}
