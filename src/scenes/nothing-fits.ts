import { nginxDeployment, pod } from './manifests.ts';
import { apply, deploymentOf, podOf, readyPods, recordingOf, seconds } from './scene.ts';
import type { Scene } from './scene.ts';

export const scene: Scene = {
  id: 'nothing-fits',
  title: 'Nothing fits',
  look: 'A Pod asks for 2 CPUs where no node has 2 left, and so it waits at the scheduler. Watch what ends the wait: nobody tries again and again, the scheduler is woken when a Pod goes.',
  recording: recordingOf(
    [20, apply(nginxDeployment('big', 3, { cpu: '3' }), 'big.yaml')],
    [40, apply(pod('late', 'image: nginx:1.27\nresources:\n  requests: {cpu: "2"}'), 'late.yaml')],
    [60, { type: 'scale-object', kind: 'Deployment', namespace: 'default', name: 'big', replicas: 2 }],
  ),
  startUs: seconds(39),
  stopUs: seconds(68),
  captions: [
    { when: (rows) => readyPods(rows, 'big-') === 3, says: 'Each worker has 4 CPUs, and a Pod that has reserved 3 of them. Now comes one that asks for 2.' },
    { when: (rows) => podOf(rows, 'late')?.message.includes('Insufficient cpu') === true, says: 'No node has 2 CPUs left: the Pod stays Pending. Requests are counted, not use: the Pods there may be idle.' },
    { when: (rows) => deploymentOf(rows, 'big')?.desired === 2 && podOf(rows, 'late')?.node === '', says: 'The Deployment is scaled down. Its Pod keeps what it reserved until its end is confirmed.' },
    { when: (rows) => (podOf(rows, 'late')?.node ?? '') !== '', says: 'That Pod has ended and 3 CPUs are free. The scheduler was woken by it, tried the waiting Pod again, and bound it.' },
    { when: (rows) => podOf(rows, 'late')?.ready === true, says: 'The Pod that waited is Running and ready.' },
  ],
};
