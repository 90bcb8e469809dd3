import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import { isToGo, isUnprotected, withoutProtection, withProtection } from '../../../kubernetes/storage/protection.ts';
import type { Volume } from '../../../kubernetes/storage/volumes.ts';
import { defineCode, finished, type Listers } from '../controller.ts';
import { messageOf, update } from '../requests.ts';

const volumes = 'persistentvolumes';
const volumesIn = (list: Listers): Lister<KubeObject> => list(volumes as Parameters<Listers>[0]) as unknown as Lister<KubeObject>;

/** Lets a volume that is deleted go when no claim has it. Models pkg/controller/volume/pvprotection/pv_protection_controller.go. */
export const volumeProtectionController = defineCode<null, 'writing'>({
  memory: () => null,
  react: ({ resource, type, object }) =>
    (resource === volumes && type !== 'deleted' && (isToGo(volumes, object) || isUnprotected(volumes, object)) ? { keys: [object.metadata.name] } : undefined),
  sync({ key, list, step, answers: [answer] }) {
    if (answer !== undefined && !answer.ok) return answer.code === 404 ? finished : { error: messageOf(answer) };
    const volume = volumesIn(list).get('', key);
    if (step === 'writing' || volume === undefined) return finished;
    if (isUnprotected(volumes, volume)) return { requests: [update(withProtection(volumes, volume))], next: 'writing' };
    if (!isToGo(volumes, volume) || (volume as unknown as Volume).status?.phase === 'Bound') return finished;
    return { requests: [update(withoutProtection(volumes, volume))], next: 'writing', notes: [{ name: 'volumes', text: `No claim has PersistentVolume ${key}: it may go` }] };
  },
});
