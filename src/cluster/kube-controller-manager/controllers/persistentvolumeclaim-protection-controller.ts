import { objectKey, splitObjectKey, type KubeObject, type Pod } from '../../../kubernetes/api/index.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { ObjectList } from '../../../kubernetes/protocols/api.ts';
import { isToGo, isUnprotected, withoutProtection, withProtection } from '../../../kubernetes/storage/protection.ts';
import { defineCode, finished, type Listers } from '../controller.ts';
import { messageOf, update } from '../requests.ts';

const claims = 'persistentvolumeclaims';
const claimsIn = (list: Listers): Lister<KubeObject> => list(claims as Parameters<Listers>[0]) as unknown as Lister<KubeObject>;
const namesIn = ({ spec }: Pod): readonly string[] => (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** A Pod without a node has no kubelet that would mount it, and none will while the claim goes. Models podUsesPVC. */
const uses = (pod: Pod, claim: string): boolean => !!pod.spec.nodeName && namesIn(pod).includes(claim);
const isUsed = (pods: Iterable<Pod>, claim: string): boolean => {
  for (const pod of pods) if (uses(pod, claim)) return true;
  return false;
};

/** Lets a claim that is deleted go when no Pod uses it. Models pkg/controller/volume/pvcprotection/pvc_protection_controller.go; each claim lists the Pods for itself. */
export const claimProtectionController = defineCode<null, 'looking' | 'writing'>({
  memory: () => null,
  react({ resource, type, object }) {
    if (resource === claims) return type !== 'deleted' && (isToGo(claims, object) || isUnprotected(claims, object)) ? { keys: [objectKey(object)] } : undefined;
    if (resource !== 'pods') return undefined;
    const pod = object as Pod;
    // Who still runs cannot free a claim.
    if (pod.spec.volumes === undefined || (type !== 'deleted' && !isOver(pod) && !!pod.spec.nodeName)) return undefined;
    const names = namesIn(pod);
    return names.length === 0 ? undefined : { keys: names.map((name) => `${pod.metadata.namespace}/${name}`) };
  },
  sync({ key, list, step, answers }) {
    const { namespace, name } = splitObjectKey(key);
    const [answer] = answers;
    if (answer !== undefined && !answer.ok) return step === 'writing' && answer.code === 404 ? finished : { error: messageOf(answer) };
    const claim = claimsIn(list).get(namespace, name);
    if (step === 'writing' || claim === undefined) return finished;
    if (isUnprotected(claims, claim)) return { requests: [update(withProtection(claims, claim))], next: 'writing' };
    if (!isToGo(claims, claim)) return finished;
    if (step === undefined) {
      if (isUsed(list('pods').byIndex('namespace', namespace), name)) return finished;
      // The cache may not know of a Pod yet: before the claim goes all of them are asked for.
      return { requests: [{ verb: 'list', group: '', version: 'v1', resource: 'pods', namespace }], next: 'looking' };
    }
    if (isUsed((answer!.body as unknown as ObjectList).items as readonly Pod[], name)) return finished;
    return { requests: [update(withoutProtection(claims, claim))], next: 'writing', notes: [{ name: 'volumes', text: `No Pod uses PersistentVolumeClaim ${key}: it may go` }] };
  },
});
