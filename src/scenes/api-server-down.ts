import { nginxDeployment } from './manifests.ts';
import { apply, componentOf, deploymentOf, readyPods, recordingOf, seconds } from './scene.ts';
import type { Scene, SceneRows } from './scene.ts';

const apiServer = 'control-plane-1/kube-apiserver';
const isDown = (rows: SceneRows): boolean => componentOf(rows, apiServer)?.running === false;
const kubectlSays = (rows: SceneRows): string => componentOf(rows, 'outside/kubectl')?.line ?? '';
/** kubectl was refused, or is at it again. */
const hasTried = (rows: SceneRows): boolean => /refused|scale/.test(kubectlSays(rows));
const elected = ['control-plane-1/kube-scheduler', 'control-plane-1/kube-controller-manager'];
const lead = (rows: SceneRows): number => elected.filter((address) => componentOf(rows, address)?.states.includes('leading')).length;
const scale = { type: 'scale-object', kind: 'Deployment', namespace: 'default', name: 'web', replicas: 3 } as const;

export const scene: Scene = {
  id: 'api-server-down',
  title: 'The API server is down',
  look: 'The one program that everybody speaks to stops, and what runs goes on running. Watch who notices what and when, and how each program comes back in its own time.',
  recording: recordingOf([20, apply(nginxDeployment('web', 2), 'web.yaml')], [40, { type: 'stop-component', address: apiServer }], [46, scale], [60, { type: 'start-component', address: apiServer }], [75, scale]),
  startUs: seconds(39),
  stopUs: seconds(82),
  captions: [
    { when: (rows) => readyPods(rows, 'web-') === 2, says: 'Two Pods run. The API server is about to stop.' },
    { when: isDown, says: 'Every connection to the API server breaks. The containers run on: nothing that runs needs it.' },
    { when: (rows) => isDown(rows) && kubectlSays(rows).includes('refused'), says: 'kubectl is refused: nothing can be asked for, nothing can be changed, no new Pod can be placed.' },
    { when: (rows) => isDown(rows) && lead(rows) === 0, says: 'kube-scheduler and kube-controller-manager could not renew their leases for 10 s: they no longer lead.' },
    { when: (rows) => !isDown(rows) && hasTried(rows) && lead(rows) < 2, says: 'The API server is back. All it knew lies in etcd. The others dial again, after pauses that have grown with each failure.' },
    { when: (rows) => !isDown(rows) && hasTried(rows) && lead(rows) === 2, says: 'Scheduler and controllers lead again: each has listed all there is anew, and watches from there on.' },
    { when: (rows) => deploymentOf(rows, 'web')?.desired === 3, says: 'kubectl asks once more for a third Pod, and is heard.' },
    { when: (rows) => readyPods(rows, 'web-') === 3, says: 'Three Pods are ready, as if nothing had been.' },
  ],
};
