import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type Node, type Pod, type Taint } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { defineController, finished, type ControllerEvent, type SyncContext, type SyncResult, type Wanted } from '../controller.ts';
import { stayUs } from '../plans/tolerance.ts';
import { patch, remove } from '../requests.ts';

/** When each Pod that has to go will go. */
type Deadlines = PMap<string, number>;
type Step = { readonly at: 'noting' } | { readonly at: 'deleting' };
type Context = SyncContext<Deadlines, Step>;
type Result = SyncResult<Deadlines, Step>;

/**
 * Models pkg/controller/tainteviction/taint_eviction.go. Keys: `node/x` and `pod/ns/x` look at tolerations, `evict/ns/x` waits until the Pod's time is up.
 */
export const taintEvictionController = defineController<Deadlines, Step>({
  name: 'taint-eviction-controller',
  serviceAccount: 'node-controller',
  component: 'taint-eviction-controller',
  resources: ['nodes', 'pods'],
  concurrency: 8,
  memory: () => PMap(),
  react(news, { memory, list }) {
    if (news.resource === 'nodes') {
      if (news.type === 'deleted') return undefined;
      const before = news.old === undefined ? [] : noExecute(news.old as Node);
      const after = noExecute(news.object as Node);
      return (before.length === 0 && after.length === 0) || deepEqual(before, after) ? undefined : { keys: [`node/${news.object.metadata.name}`] };
    }
    const pod = news.object as Pod;
    const old = news.old as Pod | undefined;
    if (news.type === 'deleted') return memory.has(objectKey(pod)) ? { keys: [`pod/${objectKey(pod)}`] } : undefined;
    const same = old !== undefined && old.spec.nodeName === pod.spec.nodeName && old.spec.tolerations === pod.spec.tolerations;
    if (same || pod.spec.nodeName === undefined) return undefined;
    const node = list('nodes').get('', pod.spec.nodeName);
    const idle = node !== undefined && noExecute(node).length === 0 && !memory.has(objectKey(pod));
    return idle ? undefined : { keys: [`pod/${objectKey(pod)}`] };
  },
  sync(context) {
    const { key, list, memory, nowUs } = context;
    const name = key.slice(key.indexOf('/') + 1);
    if (key.startsWith('evict/')) return evict(context, name);
    if (key.startsWith('node/')) {
      const node = list('nodes').get('', name);
      return node === undefined ? finished : decide([...list('pods').byIndex('node', name)], noExecute(node), memory, nowUs);
    }
    const { namespace, name: podName } = splitObjectKey(name);
    const pod = list('pods').get(namespace, podName);
    if (pod === undefined) return { memory: memory.delete(name), keys: [{ key: `evict/${name}`, cancel: true }] };
    const node = list('nodes').get('', pod.spec.nodeName ?? '');
    return node === undefined ? finished : decide([pod], noExecute(node), memory, nowUs);
  },
});

const none: readonly Taint[] = [];
const noExecute = ({ spec }: Node): readonly Taint[] => (spec.taints?.some(({ effect }) => effect === 'NoExecute') ? spec.taints.filter(({ effect }) => effect === 'NoExecute') : none);

function decide(pods: readonly Pod[], taints: readonly Taint[], before: Deadlines, nowUs: number): Result {
  const keys: Wanted[] = [];
  const events: ControllerEvent[] = [];
  const notes: { name: string; text: string }[] = [];
  let memory = before;
  for (const pod of pods) {
    const name = objectKey(pod);
    const stay = taints.length === 0 ? 'forever' : stayUs(pod, taints);
    const planned = memory.get(name);
    if (stay === 'forever') {
      if (planned === undefined) continue;
      memory = memory.delete(name);
      keys.push({ key: `evict/${name}`, cancel: true });
      events.push({ regarding: pod, type: 'Normal', reason: 'TaintManagerEviction', message: `Cancelling deletion of Pod ${name}` });
      continue;
    }
    if (pod.metadata.deletionTimestamp !== undefined || (planned !== undefined && planned <= nowUs + stay)) continue;
    memory = memory.set(name, nowUs + stay);
    if (stay > 0) notes.push({ name: 'eviction', text: `Pod ${name} may stay ${stay / 1_000_000} s more on its tainted node ${pod.spec.nodeName}` });
    keys.push({ key: `evict/${name}`, afterUs: stay });
  }
  return { memory, keys, events, notes };
}

function evict({ list, memory, nowUs, step, answers }: Context, key: string): Result {
  const { namespace, name } = splitObjectKey(key);
  if (step?.at === 'deleting') return answers[0]!.ok || answers[0]!.code === 404 ? { memory: memory.delete(key) } : { error: `could not delete Pod ${key}` };
  const pod = list('pods').get(namespace, name);
  if (pod === undefined || !memory.has(key)) return { memory: memory.delete(key) };
  if (step?.at === 'noting') {
    if (!answers[0]!.ok && answers[0]!.code !== 404) return { error: `could not mark Pod ${key}` };
    return { requests: [remove('pods', namespace, name)], next: { at: 'deleting' } };
  }
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastTransitionTime: formatTime(nowUs) };
  return {
    events: [{ regarding: pod, type: 'Normal', reason: 'TaintManagerEviction', message: `Marking for deletion Pod ${key}` }],
    requests: [patch(pod, { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } }, 'application/strategic-merge-patch+json', 'status')],
    next: { at: 'noting' },
  };
}
