import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { protectionOf } from '../../../kubernetes/storage/protection.ts';
import type { AdmissionPlugin } from './plugin.ts';

/** Models plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go: claims and volumes go only when nobody uses them. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  resources: Object.keys(protectionOf),
  admit(object, { inflight }) {
    const finalizer = protectionOf[inflight.served.key as keyof typeof protectionOf];
    const { finalizers = [] } = object.metadata;
    return { object: finalizers.includes(finalizer) ? object : { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } } as KubeObject };
  },
};
