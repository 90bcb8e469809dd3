/** Models staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/{strategy,etcd}.go. */
import type { Definition } from '../../../kubernetes/apiextensions/definition.ts';
import { setCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { countGeneration, keepStatus, specChanged, withMetadata, type Strategy } from './strategy.ts';

const storageOf = ({ spec }: Definition): readonly string[] => (spec.versions ?? []).filter(({ storage }) => storage === true).slice(0, 1).map(({ name }) => name);

/** Which versions objects may be stored in is kept: the storage version joins them. */
function withStored(definition: Definition): Definition {
  const stored = definition.status?.storedVersions ?? [];
  const missing = storageOf(definition).filter((name) => !stored.includes(name));
  return missing.length === 0 ? definition : { ...definition, status: { ...definition.status, storedVersions: [...stored, ...missing] } };
}

export const definitionStrategy: Strategy = {
  prepareForCreate: (object) => withMetadata({ ...object, status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: storageOf(object as Definition) } } as KubeObject, { generation: 1 }),
  prepareForUpdate: (next, current) => withStored(countGeneration(keepStatus(next, current), current, specChanged(next, current)) as Definition),
  prepareForStatusUpdate: (next, current) => ({ ...next, spec: current.spec }),
};

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** The first DELETE only marks: the definition stays until its instances are gone. Models etcd.go: Delete. */
export function markDefinition(current: KubeObject, nowUs: number): KubeObject {
  const { metadata, status } = current as Definition;
  const finalizers = metadata.finalizers ?? [];
  const conditions = setCondition(status?.conditions ?? [], {
    type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon', lastTransitionTime: formatTime(nowUs),
  });
  return { ...current, metadata: { ...metadata, deletionTimestamp: formatTime(nowUs), finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer] }, status: { ...status, conditions } };
}
