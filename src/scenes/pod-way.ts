import { pod } from './manifests.ts';
import { apply, podOf, recordingOf, runsSomewhere, seconds } from './scene.ts';
import type { Scene } from './scene.ts';

export const scene: Scene = {
  id: 'pod-way',
  title: 'A Pod’s way',
  look: 'One Pod is applied, and five programs bring it to life without ever telling each other what to do. Watch the API server: everybody speaks only to it, and learns from it what has changed.',
  recording: recordingOf([20, apply(pod('hello', 'image: nginx:1.27'), 'hello.yaml')]),
  startUs: seconds(20),
  stopUs: seconds(26),
  captions: [
    { when: () => true, says: 'kubectl tells the API server that there should be a Pod. It tells nobody else.' },
    { when: (rows) => podOf(rows, 'hello') !== undefined, says: 'The Pod is stored in etcd. It has no node yet: it waits for one.' },
    { when: (rows) => (podOf(rows, 'hello')?.node ?? '') !== '', says: 'kube-scheduler has written a node into the Pod. The kubelet there finds out by its own watch.' },
    { when: (rows) => podOf(rows, 'hello')?.status === 'ContainerCreating', says: 'The kubelet has taken the Pod on: containerd sets up its network, pulls the image and starts the container.' },
    { when: (rows) => runsSomewhere(rows, 'hello'), says: 'The container runs. The API server does not know it yet: the kubelet still has to say so.' },
    { when: (rows) => podOf(rows, 'hello')?.ready === true, says: 'The kubelet has reported it: the Pod is Running and ready.' },
  ],
};
