import { groupResource, objectKey, splitObjectKey, type KubeObject, type Pod, type ReplicaSet } from '../../../kubernetes/api/index.ts';
import type { Budget } from '../../../kubernetes/api/disruption-budget.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import { defineCode, finished, type ControllerEvent, type Listers, type SyncResult } from '../controller.ts';
import { asObject, failSafe, isUpToDate, statusOf } from '../plans/disruption-budget.ts';
import { update } from '../requests.ts';
import { late } from './late.ts';

const name = groupResource(late.disruption.awakenedBy[0]);
const budgetsIn = (list: Listers): Lister<Budget> => list(name as Parameters<Listers>[0]) as unknown as Lister<Budget>;
const selects = ({ spec }: Budget, { metadata }: KubeObject): boolean => spec?.selector !== undefined && compileLabelSelector(spec.selector).matches(metadata.labels);

/**
 * Keeps what disruption budgets allow: how many of the Pods they select are healthy, and how many may go. Models pkg/controller/disruption/disruption.go.
 */
export const disruptionController = defineCode<null, true>({
  memory: () => null,
  react({ resource, object, old, type }, { list }) {
    if (resource === name) return type === 'deleted' ? undefined : { keys: [objectKey(object)] };
    if (resource !== 'pods') return undefined;
    const keys: string[] = [];
    for (const budget of budgetsIn(list).all()) {
      if (budget.metadata.namespace === object.metadata.namespace && (selects(budget, object) || (old !== undefined && selects(budget, old as KubeObject)))) keys.push(objectKey(budget as unknown as KubeObject));
    }
    return keys.length > 0 ? { keys } : undefined;
  },
  sync({ key, list, step, answers, nowUs }): SyncResult<null, true> {
    if (step !== undefined) return answers[0]!.ok || answers[0]!.code === 404 ? finished : { error: `could not write the status of PodDisruptionBudget ${key}` };
    if (!Object.values(owners).every((among) => ownersIn(list, among!).synced)) return { requeueAfterUs: untilFilledUs };
    const { namespace, name: budgetName } = splitObjectKey(key);
    const budget = budgetsIn(list).get(namespace, budgetName);
    if (budget === undefined) return finished;
    const pods = [...list('pods').byIndex('namespace', namespace) as Iterable<Pod>].filter((pod) => selects(budget, pod));
    const found = statusOf(budget, pods, () => scaleOf(list, pods), nowUs);
    const failure = found === undefined ? uncounted(list, pods) : '';
    const status = found?.status ?? failSafe(budget, failure, nowUs);
    const events: ControllerEvent[] = [];
    if (pods.length === 0) events.push({ regarding: asObject(budget, status), type: 'Normal', reason: 'NoPods', message: 'No matching pods found' });
    if (found === undefined) events.push({ regarding: asObject(budget, status), type: 'Warning', reason: 'CalculateExpectedPodCountFailed', message: `Failed to calculate the number of expected pods: ${failure}` });
    const again = found?.recheckUs === undefined ? {} : { requeueAfterUs: found.recheckUs };
    if (isUpToDate(budget, status)) return { ...again, events };
    return {
      requests: [update(asObject(budget, status), 'status')], next: true, events,
      notes: [{ name: 'disruption-budget', text: `PodDisruptionBudget ${key}: ${status.currentHealthy} of ${status.expectedPods} Pods are healthy, ${status.desiredHealthy} must be: ${status.disruptionsAllowed} may go` }],
      ...again,
    };
  },
});

/** What WaitForNamedCacheSync waits between two looks. */
const untilFilledUs = 100_000;
/** By kind, where the caches have it. */
const owners: { readonly [kind: string]: string | undefined } = { ReplicaSet: 'replicasets', ReplicationController: 'replicationcontrollers', StatefulSet: 'statefulsets.apps' };
const ownersIn = (list: Listers, name: string): Lister<ReplicaSet> => list(name as Parameters<Listers>[0]) as unknown as Lister<ReplicaSet>;

/** The scale of a Pod's controller, or of the Deployment above it. Models disruption.go: finders, without that of anything else that can be scaled. */
function scaleBehind(list: Listers, pod: Pod): { readonly uid: string; readonly replicas: number } | undefined {
  const owner = controllerOf(pod);
  const namespace = pod.metadata.namespace ?? '';
  const among = owners[owner?.kind ?? ''];
  const set = among === undefined ? undefined : ownersIn(list, among).get(namespace, owner!.name);
  if (set === undefined || set.metadata.uid !== owner!.uid) return undefined;
  const above = controllerOf(set);
  const deployment = above?.kind === 'Deployment' ? list('deployments').get(namespace, above.name) : undefined;
  const whose = deployment !== undefined && deployment.metadata.uid === above!.uid ? deployment : set;
  return { uid: whose.metadata.uid ?? '', replicas: whose.spec.replicas ?? 1 };
}

/** Models getExpectedScale: of all the Pods' controllers together; Pods of none do not count. */
function scaleOf(list: Listers, pods: readonly Pod[]): number | undefined {
  const found = new Map<string, number>();
  for (const pod of pods) {
    if (controllerOf(pod) === undefined) continue;
    const behind = scaleBehind(list, pod);
    if (behind === undefined) return undefined;
    found.set(behind.uid, behind.replicas);
  }
  return [...found.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** Why the Pods cannot be counted. Models getExpectedScale and getScaleController: a DaemonSet has no scale. */
function uncounted(list: Listers, pods: readonly Pod[]): string {
  const pod = pods.find((one) => controllerOf(one) !== undefined && scaleBehind(list, one) === undefined)!;
  return controllerOf(pod)!.kind === 'DaemonSet' ? 'daemonsets.apps does not implement the scale subresource' : `found no controllers for pod ${JSON.stringify(pod.metadata.name)}`;
}
