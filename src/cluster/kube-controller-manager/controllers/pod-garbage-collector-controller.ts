import { PMap } from '../../../simulation/collections/index.ts';
import type { Pod } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { defineController, finished, type SyncContext, type SyncResult } from '../controller.ts';
import { patch, read, remove } from '../requests.ts';

/** Since when Pods have been seen on a node that does not exist. */
type Missing = PMap<string, number>;
type Step = { readonly at: 'asking'; readonly nodes: readonly string[] } | { readonly at: 'failing'; readonly pods: readonly Pod[] } | { readonly at: 'deleting' };
type Context = SyncContext<Missing, Step>;
type Result = SyncResult<Missing, Step>;

const periodUs = 20_000_000;
/** A node may be late in the cache: Pods of an unknown one are left alone for so long. */
const quarantineUs = 40_000_000;
const again = { requeueAfterUs: periodUs, requeueInBackground: true } as const;

/** Models pkg/controller/podgc/gc_controller.go: gcOrphaned and gcUnscheduledTerminating, every 20 s. */
export const podGarbageCollectorController = defineController<Missing, Step>({
  name: 'pod-garbage-collector-controller',
  serviceAccount: 'pod-garbage-collector',
  component: 'pod-garbage-collector-controller',
  resources: ['pods'],
  concurrency: 1,
  startsWith: ['gc'],
  memory: () => PMap(),
  react: () => undefined,
  sync(context) {
    const { step, answers } = context;
    switch (step?.at) {
      case undefined: return look(context);
      case 'asking': return fail(context, step.nodes.filter((_, index) => answers[index]!.code === 404));
      case 'failing': return drop(step.pods);
      case 'deleting': return again;
    }
  },
});

function look({ list, memory, nowUs }: Context): Result {
  const missing = new Set<string>();
  for (const pod of list('pods').all()) {
    const node = pod.spec.nodeName;
    if (node !== undefined && list('nodes').get('', node) === undefined) missing.add(node);
  }
  const next: Missing = missing.size === 0 && memory.size === 0 ? memory : PMap([...missing].map((node) => [node, memory.get(node) ?? nowUs]));
  const due = [...missing].filter((node) => nowUs - next.get(node)! >= quarantineUs);
  if (due.length > 0) return { memory: next, requests: due.map((node) => read('nodes', undefined, node)), next: { at: 'asking', nodes: due } };
  return { ...dropUnscheduled(list('pods').all()), memory: next };
}

/** Pods that are being deleted and never were on a node have nobody to confirm it. */
function dropUnscheduled(pods: Iterable<Pod>): Result {
  const lost: Pod[] = [];
  for (const pod of pods) if (pod.metadata.deletionTimestamp !== undefined && pod.spec.nodeName === undefined) lost.push(pod);
  return lost.length > 0 ? drop(lost) : again;
}

function fail({ list, nowUs }: Context, gone: readonly string[]): Result {
  const pods = gone.flatMap((node) => [...list('pods').byIndex('node', node)]);
  if (pods.length === 0) return again;
  const alive = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists', lastTransitionTime: formatTime(nowUs) };
  const notes = [{ name: 'pod-gc', text: `${pods.length} Pods are bound to nodes that no longer exist (${gone.join(', ')}): deleting them` }];
  if (alive.length === 0) return { ...drop(pods), notes };
  return {
    requests: alive.map((pod) => patch(pod, { metadata: { uid: pod.metadata.uid }, status: { phase: 'Failed', conditions: [condition] } }, 'application/strategic-merge-patch+json', 'status')),
    next: { at: 'failing', pods }, notes,
  };
}

const drop = (pods: readonly Pod[]): Result => (pods.length === 0 ? finished : {
  requests: pods.map(({ metadata }) => remove('pods', metadata.namespace, metadata.name, { gracePeriodSeconds: 0 })), next: { at: 'deleting' },
});
