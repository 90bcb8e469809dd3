import type { ClaimSpec, Of, StorageClass } from '../../../kubernetes/api/kept-specs.ts';
import { compareQuantities } from '../../../kubernetes/apimachinery/quantity.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const storageClasses = 'storageclasses.storage.k8s.io';
const refusal = 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
type Claim = Of<ClaimSpec>;

/** Models plugin/pkg/admission/storage/persistentvolume/resize/admission.go: only claims whose class says so may grow. That they must be bound is a rule of the kind. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  resources: ['persistentvolumeclaims'],
  judgesAlways: true,
  validate(object, { inflight: { request, served }, operation, old, find }) {
    if (operation !== 'UPDATE' || request.subresource !== undefined) return undefined;
    const [now, before] = [object, old] as unknown as readonly [Claim, Claim];
    const size = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0';
    if (compareQuantities(size(now), size(before)) <= 0) return undefined;
    const name = now.spec.storageClassName ?? '';
    const found = name === '' ? null : find(storageClasses, '', name);
    if (found === undefined) return { lookUp: { resource: storageClasses, namespace: '', name }, afterUs: 0 };
    return (found as StorageClass | null)?.allowVolumeExpansion === true ? undefined : { refuse: forbiddenError(served.info, now.metadata.name, refusal) };
  },
};
