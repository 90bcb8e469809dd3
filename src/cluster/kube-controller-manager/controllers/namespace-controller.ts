import { groupResource, type Namespace } from '../../../kubernetes/api/index.ts';
import type { ObjectList } from '../../../kubernetes/protocols/api.ts';
import { defineController, finished, type SyncContext, type SyncResult } from '../controller.ts';
import { discover, discoveredKinds, type DiscoveredKind } from '../discovered-kinds.ts';
import { read, removeAll } from '../requests.ts';

type Step =
  | { readonly at: 'reading' } | { readonly at: 'discovering'; readonly namespace: Namespace }
  | { readonly at: 'emptying' | 'counting'; readonly namespace: Namespace; readonly content: readonly DiscoveredKind[] } | { readonly at: 'finalizing' };
type Context = SyncContext<null, Step>;
type Result = SyncResult<null, Step>;

/** Pods end gracefully, 30 s by default: look again after half of that and a second more. */
const podsRemainUs = 16_000_000;
const othersRemainUs = 5_000_000;

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
      case 'emptying': return { requests: step.content.map((info) => ({ verb: 'list', group: info.group, version: info.version, resource: info.resource, namespace: key, query: { limit: 1 } })), next: { ...step, at: 'counting' } };
      case 'counting': return release(context, step);
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
  const content = discoveredKinds(answers[0]!).filter(({ namespaced, verbs }) => namespaced && verbs.includes('deletecollection'));
  return {
    requests: content.map((info) => removeAll(info, key, { propagationPolicy: 'Background' })), next: { at: 'emptying', namespace, content },
    notes: [{ name: 'namespace', text: `Namespace ${key} is being deleted: deleting what is in it, ${content.length} kinds` }],
  };
}

function release({ key, answers }: Context, { namespace, content }: Extract<Step, { content: unknown }>): Result {
  if (answers.some(({ ok }) => !ok)) return { error: `could not list what is left in namespace ${key}` };
  const left = content.filter((_, index) => (answers[index]!.body as unknown as ObjectList).items.length > 0).map(groupResource);
  if (left.length > 0) return { requeueAfterUs: left.includes('pods') ? podsRemainUs : othersRemainUs, notes: [{ name: 'namespace', text: `Namespace ${key} still has ${left.join(', ')}` }] };
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
  const body: Namespace = { ...namespace, spec: { ...namespace.spec, finalizers } };
  return { requests: [{ verb: 'update', group: '', version: 'v1', resource: 'namespaces', subresource: 'finalize', name: key, body }], next: { at: 'finalizing' } };
}
