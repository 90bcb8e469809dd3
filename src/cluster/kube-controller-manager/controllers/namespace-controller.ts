import { groupResource, type KubeObject, type Namespace, type Pod } from '../../../kubernetes/api/index.ts';
import { formatTime, parseTime } from '../../../kubernetes/apimachinery/time.ts';
import type { ObjectList } from '../../../kubernetes/protocols/api.ts';
import { defineController, finished, type SyncContext, type SyncResult } from '../controller.ts';
import { discover, discoveredKinds, type DiscoveredKind } from '../discovered-kinds.ts';
import { read, removeAll, update } from '../requests.ts';

/** Pods first, then everything else. Models OrderedNamespaceDeletion. */
interface Content { readonly now: readonly DiscoveredKind[]; readonly later: readonly DiscoveredKind[] }
type Step =
  | { readonly at: 'reading' } | { readonly at: 'discovering'; readonly namespace: Namespace }
  | { readonly at: 'emptying' | 'counting'; readonly namespace: Namespace; readonly content: Content }
  | { readonly at: 'telling'; readonly waitUs: number; readonly error?: string } | { readonly at: 'releasing' } | { readonly at: 'finalizing' };
type Context = SyncContext<null, Step>;
type Result = SyncResult<null, Step>;

/** Items with finalizers are given so much time. Upstream's finalizerEstimateSeconds. */
const finalizerEstimateSeconds = 15;
const second = 1_000_000;

/** Empties a namespace that is being deleted, kind by kind, then lets it go. Models pkg/controller/namespace/deletion/namespaced_resources_deleter.go. */
export const namespaceController = defineController<null, Step>({
  name: 'namespace-controller',
  serviceAccount: 'namespace-controller',
  component: 'namespace-controller',
  resources: ['namespaces'],
  concurrency: 10,
  limit: { qps: 400, burst: 800 },
  memory: () => null,
  react(news) {
    const { deletionTimestamp, name } = news.object.metadata;
    // The controller lets the first moments pass, so that other controllers see the deletion too.
    return news.type === 'deleted' || deletionTimestamp === undefined ? undefined : { keys: [{ key: name, afterUs: 5_000_000 }] };
  },
  sync(context) {
    const { key, step, answers } = context;
    switch (step?.at) {
      case undefined: return { requests: [read('namespaces', undefined, key)], next: { at: 'reading' } };
      case 'reading': return look(context);
      case 'discovering': return empty(context, step.namespace);
      case 'emptying': return { requests: step.content.now.map((info) => ({ verb: 'list', group: info.group, version: info.version, resource: info.resource, namespace: key })), next: { ...step, at: 'counting' } };
      case 'counting': return counted(context, step);
      case 'telling': return step.error === undefined ? { requeueAfterUs: step.waitUs } : { error: step.error };
      case 'releasing': return answers[0]!.ok ? finalize(answers[0]!.body as Namespace) : { error: `could not tell how namespace ${key} is` };
      case 'finalizing': return answers[0]!.ok || answers[0]!.code === 404 ? finished : { error: `could not finalize namespace ${key}` };
    }
  },
});

function look({ key, answers }: Context): Result {
  const [answer] = answers;
  if (answer!.code === 404) return finished;
  if (!answer!.ok) return { error: `could not read namespace ${key}` };
  const namespace = answer!.body as Namespace;
  if (namespace.metadata.deletionTimestamp === undefined || (namespace.spec?.finalizers ?? []).length === 0) return finished;
  // What is served may have changed since the last namespace went.
  return { requests: [discover], next: { at: 'discovering', namespace } };
}

function empty({ key, answers }: Context, namespace: Namespace): Result {
  if (!answers[0]!.ok) return { error: `could not find out what is served, to empty namespace ${key}` };
  const all = discoveredKinds(answers[0]!).filter(({ namespaced, verbs }) => namespaced && verbs.includes('deletecollection'));
  const isPods = ({ group, resource }: DiscoveredKind): boolean => group === '' && resource === 'pods';
  return {
    ...removing(key, namespace, { now: all.filter(isPods), later: all.filter((kind) => !isPods(kind)) }),
    notes: [{ name: 'namespace', text: `Namespace ${key} is being deleted: deleting what is in it, ${all.length} kinds` }],
  };
}

const removing = (key: string, namespace: Namespace, content: Content): Result =>
  ({ requests: content.now.map((info) => removeAll(info, key, { propagationPolicy: 'Background' })), next: { at: 'emptying', namespace, content } });

interface Remaining { readonly info: DiscoveredKind; readonly items: readonly KubeObject[] }

function counted(context: Context, { namespace, content }: Extract<Step, { content: unknown }>): Result {
  const { key, answers, nowUs } = context;
  if (answers.some(({ ok }) => !ok)) return { error: `could not list what is left in namespace ${key}` };
  const left = content.now.map((info, index): Remaining => ({ info, items: (answers[index]!.body as unknown as ObjectList).items })).filter(({ items }) => items.length > 0);
  if (left.length === 0 && content.later.length > 0) return removing(key, namespace, { now: content.later, later: [] });
  const told = withConditions(namespace, left, nowUs);
  if (left.length === 0) return told === namespace ? finalize(namespace) : { requests: [update(told, 'status')], next: { at: 'releasing' } };
  const estimate = Math.max(...left.map((one) => estimateSeconds(one, namespace, nowUs)));
  const error = estimate > 0 ? {} : { error: `unexpected items still remain in namespace: ${key}` };
  const next: Step = { at: 'telling', waitUs: (Math.floor(estimate / 2) + 1) * second, ...error };
  const notes = [{ name: 'namespace', text: `Namespace ${key} still has ${left.map(({ info }) => groupResource(info)).join(', ')}` }];
  return told === namespace ? { ...(estimate > 0 ? { requeueAfterUs: next.waitUs } : error), notes } : { requests: [update(told, 'status')], next, notes };
}

/** How long it may take until the items are gone: 0 where nobody could say. Models estimateGracefulTermination. */
function estimateSeconds({ info, items }: Remaining, { metadata }: Namespace, nowUs: number): number {
  const graces = info.group === '' && info.resource === 'pods'
    ? (items as readonly Pod[]).filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed').map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0) : [];
  const grace = Math.max(0, ...graces);
  if (nowUs - (parseTime(metadata.deletionTimestamp) ?? nowUs) < grace * second) return grace;
  return items.some((item) => (item.metadata.finalizers ?? []).length > 0) ? finalizerEstimateSeconds : 0;
}

/** What the namespace tells of its end. Models status_condition_utils.go; the same object where nothing turned. */
function withConditions(namespace: Namespace, left: readonly Remaining[], nowUs: number): Namespace {
  const counts = new Map<string, number>();
  for (const { items } of left) for (const { metadata } of items) for (const finalizer of metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  const some = (names: readonly string[]): string => [...names].sort().join(', ');
  const [kinds, finalizers] = [left.map(({ info, items }) => `${info.resource}.${info.group} has ${items.length} resource instances`), [...counts].map(([name, count]) => `${name} in ${count} resource instances`)];
  const verdicts: readonly (readonly [type: string, status: 'True' | 'False', reason: string, message: string])[] = [
    ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    ['NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    left.length > 0 ? ['NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${some(kinds)}`] : ['NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'],
    counts.size > 0 ? ['NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', `Some finalizers are remaining: ${some(finalizers)}`] : ['NamespaceFinalizersRemaining', 'False', 'ContentRemoved', 'All content successfully removed'],
  ];
  const before = namespace.status?.conditions ?? [];
  const others = before.filter(({ type }) => verdicts.every((verdict) => verdict[0] !== type));
  const conditions = verdicts.map(([type, status, reason, message]) => {
    const old = before.find((one) => one.type === type);
    if (old?.status === status && old.reason === reason && old.message === message) return old;
    return { type, status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : formatTime(nowUs), reason, message };
  });
  return conditions.every((one) => before.includes(one)) ? namespace : { ...namespace, status: { ...namespace.status, conditions: [...others, ...conditions] } };
}

function finalize(namespace: Namespace): Result {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
  const body: Namespace = { ...namespace, spec: { ...namespace.spec, finalizers } };
  return { requests: [{ verb: 'update', group: '', version: 'v1', resource: 'namespaces', subresource: 'finalize', name: namespace.metadata.name, body }], next: { at: 'finalizing' } };
}
