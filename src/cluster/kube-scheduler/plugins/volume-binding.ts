import { latePart } from '../../../kubernetes/late-parts.ts';
import type { Plugin } from '../framework.ts';

/** Refuses nodes that the Pod's volumes can not be reached from, and all of them while a claim is not bound. Models plugins/volumebinding/volume_binding.go; what is to be done before the Pod is bound is in `volumes.ts`. */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  filters: ({ claims }) => claims.length > 0,
  refuses: ({ volumes }) => volumes?.refusal,
  filter: ({ volumes }, { node }) => {
    const reasons = volumes === undefined ? [] : latePart('volumes').refusalsOf(volumes, node);
    return reasons.length === 0 ? undefined : { reasons, resolvable: false };
  },
  mayHelp: (event, { claims, pod }) => {
    switch (event.resource) {
      case 'PersistentVolumeClaim': return event.namespace === pod.metadata.namespace && claims.includes(event.name);
      case 'PersistentVolume': case 'StorageClass': return true;
      case 'Node': return event.changes.includes('Add') || event.changes.includes('UpdateNodeLabel');
      default: return false;
    }
  },
};
