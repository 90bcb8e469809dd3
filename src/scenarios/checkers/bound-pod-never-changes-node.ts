import type { Pod } from '../../kubernetes/api/index.ts';
import type { Checker } from './checker.ts';
import { onEtcdChange } from './etcd-changes.ts';

/** Once bound, a Pod stays where it is: `spec.nodeName` of one uid is written once. */
export const boundPodNeverChangesNode: Checker = {
  name: 'bound-pod-never-changes-node',
  begin() {
    const nodeOf = new Map<string, string>();
    return onEtcdChange(({ type, kv }) => {
      if (type !== 'PUT' || !kv.key.startsWith('/registry/pods/')) return undefined;
      const { metadata, spec } = kv.value as Pod;
      const uid = metadata.uid ?? '';
      const before = nodeOf.get(uid);
      if (before !== undefined && before !== spec.nodeName) return `Pod ${metadata.namespace}/${metadata.name} was bound to ${before} and is now on ${spec.nodeName ?? 'no node'}`;
      if (spec.nodeName !== undefined && spec.nodeName !== '') nodeOf.set(uid, spec.nodeName);
      return undefined;
    });
  },
};
