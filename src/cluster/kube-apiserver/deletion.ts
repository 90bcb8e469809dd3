/** What DELETE does to an object. Models apiserver/pkg/registry/rest/delete.go (BeforeDelete), registry/generic/registry/store.go (Delete) and the Pod's and Namespace's own rules. */
import type { DeleteOptions, KubeObject, Namespace, Pod, Status } from '../../kubernetes/api/index.ts';
import { conflictError } from '../../kubernetes/apimachinery/status-errors.ts';
import { formatTime, parseTime } from '../../kubernetes/apimachinery/time.ts';
import type { Decision } from './decision.ts';
import { definitionsKey, type Served } from './served.ts';
import { markDefinition } from './strategies/definition.ts';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/** The kinds that the garbage collector does not look at: nobody would take its finalizers away again. Of Leases it follows those of nodes. */
const uncollected = new Set(['events', 'leases.coordination.k8s.io']);

/** Decides between deleting now, marking first, and waiting for finalizers. */
export function planDelete(served: Served, current: KubeObject, options: DeleteOptions, nowUs: number): Decision {
  const unmet = unmetPrecondition(served, current, options);
  if (unmet !== undefined) return { refuse: unmet };
  if (served.key === 'namespaces') return planNamespaceDelete(current as Namespace, nowUs);
  if (served.key === definitionsKey && current.metadata.deletionTimestamp === undefined) return { put: markDefinition(current, nowUs) };
  const finalizers = uncollected.has(served.key) ? current.metadata.finalizers ?? [] : finalizersFor(served, current, options);
  const pending = finalizers.length > 0;
  const { metadata } = current;
  if (served.key === 'pods') {
    if (metadata.deletionTimestamp !== undefined) {
      const was = metadata.deletionGracePeriodSeconds ?? 0;
      // Zero means that an earlier delete marked the Pod and got no further.
      if (was === 0) return pending ? { keep: current } : { remove: true };
      const grace = options.gracePeriodSeconds;
      if (grace === undefined || grace >= was) return { keep: current };
      const askedUs = (parseTime(metadata.deletionTimestamp) ?? nowUs) - was * 1_000_000;
      return mark(current, finalizers, grace, askedUs, false, pending);
    }
    return mark(current, finalizers, podGrace(current as Pod, options), nowUs, true, pending);
  }
  if (!pending) return { remove: true };
  if (metadata.deletionTimestamp !== undefined) {
    return finalizers === metadata.finalizers ? { keep: current } : { put: { ...current, metadata: { ...metadata, finalizers } } };
  }
  return mark(current, finalizers, 0, nowUs, true, true);
}

function mark(current: KubeObject, finalizers: readonly string[], grace: number, askedUs: number, first: boolean, pending: boolean): Decision {
  const { metadata } = current;
  const generation = first && metadata.generation !== undefined ? { generation: metadata.generation + 1 } : {};
  const put: KubeObject = {
    ...current,
    metadata: {
      ...metadata, ...generation, ...(finalizers.length > 0 ? { finalizers } : {}),
      deletionTimestamp: formatTime(askedUs + grace * 1_000_000), deletionGracePeriodSeconds: grace,
    },
  };
  return grace > 0 || pending ? { put } : { put, afterwards: 'delete' };
}

/** Models pkg/registry/core/pod/strategy.go: CheckGracefulDelete. */
export function podGrace(pod: Pod, options: DeleteOptions): number {
  const asked = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  if ((pod.spec.nodeName ?? '') === '' || pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return 0;
  return asked < 0 ? 1 : asked;
}

/** Models pkg/registry/core/namespace/storage/storage.go: Delete. */
function planNamespaceDelete(current: Namespace, nowUs: number): Decision {
  const { metadata, spec } = current;
  if (metadata.deletionTimestamp === undefined) {
    return { put: { ...current, metadata: { ...metadata, deletionTimestamp: formatTime(nowUs) }, status: { ...current.status, phase: 'Terminating' } } as Namespace };
  }
  return (spec?.finalizers ?? []).length > 0 || (metadata.finalizers ?? []).length > 0 ? { keep: current } : { remove: true };
}

function unmetPrecondition({ info }: Served, { metadata }: KubeObject, { preconditions }: DeleteOptions): Status | undefined {
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid) {
    return conflictError(info, metadata.name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== metadata.resourceVersion) {
    return conflictError(info, metadata.name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`);
  }
  return undefined;
}

/** Their Pods stay unless somebody says otherwise, as in the days before owners. Models DefaultGarbageCollectionPolicy of both kinds' strategies. */
const orphaning = new Set(['jobs.batch', 'replicationcontrollers']);

const preserved = 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** What who deletes is told. Models pkg/registry/batch/job/storage/storage.go: Delete and DeleteCollection. */
export const warningsOnDelete = ({ key }: Served, { propagationPolicy, orphanDependents }: DeleteOptions): readonly string[] | undefined =>
  (key === 'jobs.batch' && propagationPolicy === undefined && orphanDependents === undefined ? [preserved] : undefined);

/** Models store.go: deletionFinalizersForGarbageCollection; the same list where nothing changes. */
function finalizersFor({ key }: Served, { metadata }: KubeObject, { propagationPolicy, orphanDependents }: DeleteOptions): readonly string[] {
  const given = metadata.finalizers ?? [];
  const wanted = orphanDependents === true || propagationPolicy === 'Orphan' ? orphan
    : propagationPolicy === 'Foreground' ? foreground
      : propagationPolicy === 'Background' || orphanDependents === false ? ''
        : given.find((one) => one === orphan || one === foreground) ?? (orphaning.has(key) ? orphan : '');
  const kept = given.filter((one) => (one !== orphan && one !== foreground) || one === wanted);
  if (wanted !== '' && !kept.includes(wanted)) return [...kept, wanted];
  return kept.length === given.length ? given : kept;
}

/** Whether an update leaves nothing that holds a deleted object. Models store.go: ShouldDeleteDuringUpdate. */
export function isReleased({ key }: Served, next: KubeObject, current: KubeObject): boolean {
  const { metadata } = next;
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
  if ((current.metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return key !== 'namespaces' || ((next as Namespace).spec?.finalizers ?? []).length === 0;
}
