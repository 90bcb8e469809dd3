import type { Binding, Pod } from '../../../kubernetes/api/index.ts';
import { setCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { notSupported, required } from '../../../kubernetes/apimachinery/field-errors.ts';
import { conflictError, invalidError, successStatus } from '../../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { Subresource } from './subresource.ts';

const bindings = { group: '', resource: 'pods/binding' };

/** Models pkg/registry/core/pod/storage/storage.go: BindingREST, setPodHostAndAnnotations. The server, not the scheduler, sets the node's name. */
export const binding: Subresource = {
  verbs: ['create'],
  decide({ request }, current, { env }) {
    const { target, metadata } = request.body as Binding;
    const pod = current as Pod;
    const { name } = pod.metadata;
    if ((target?.name ?? '') === '') return { refuse: invalidError({ group: '', kind: 'Binding' }, name, [required('target.name')]) };
    if (target.kind !== undefined && target.kind !== '' && target.kind !== 'Node') return { refuse: invalidError({ group: '', kind: 'Binding' }, name, [notSupported('target.kind', target.kind, ['Node', '<empty>'])]) };
    if (metadata?.uid !== undefined && metadata.uid !== '' && metadata.uid !== pod.metadata.uid) {
      return { refuse: conflictError(bindings, name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${pod.metadata.uid}`) };
    }
    if (pod.metadata.deletionTimestamp !== undefined) return { refuse: conflictError(bindings, name, `pod ${name} is being deleted, cannot be assigned to a host`) };
    if ((pod.spec.nodeName ?? '') !== '') return { refuse: conflictError(bindings, name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`) };
    if ((pod.spec.schedulingGates ?? []).length > 0) return { refuse: conflictError(bindings, name, `pod ${name} has non-empty .spec.schedulingGates`) };
    const conditions = setCondition(pod.status?.conditions, {
      type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(env.nowUs), ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    });
    const annotations = metadata?.annotations === undefined ? {} : { annotations: { ...pod.metadata.annotations, ...metadata.annotations } };
    return { put: { ...pod, metadata: { ...pod.metadata, ...annotations }, spec: { ...pod.spec, nodeName: target.name! }, status: { ...withoutNomination(pod.status), conditions } } as Pod };
  },
  answer: () => ({ ...successStatus(), code: 201 }),
};

/** Models pkg/registry/core/pod/storage/storage.go: setPodNodeAndMetadata with ClearingNominatedNodeNameAfterBinding. */
function withoutNomination(status: Pod['status']): Pod['status'] {
  if (status?.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _gone, ...rest } = status;
  return rest;
}
