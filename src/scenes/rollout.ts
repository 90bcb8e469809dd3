import { nginxDeployment } from './manifests.ts';
import { apply, podsOf, readyPods, recordingOf, replicaSetsOf, seconds } from './scene.ts';
import type { Scene, SceneRows } from './scene.ts';

const before = nginxDeployment('web', 4);
const after = nginxDeployment('web', 4, { image: 'nginx:1.28' });
const isNew = (image: string): boolean => image.endsWith('nginx:1.28');
const newPods = (rows: SceneRows) => podsOf(rows, 'web-').filter((pod) => isNew(pod.containers[0]?.image ?? ''));

export const scene: Scene = {
  id: 'rollout',
  title: 'A rollout',
  look: 'A Deployment gets a new image and changes its Pods a few at a time. Watch the two ReplicaSets: one grows, the other shrinks, and never fewer than three of four Pods are ready.',
  recording: recordingOf([20, apply(before, 'web.yaml')], [40, apply(after, 'web.yaml')]),
  startUs: seconds(39),
  stopUs: seconds(50),
  captions: [
    { when: (rows) => readyPods(rows, 'web-') === 4, says: 'Four Pods run nginx:1.27. The same manifest, with nginx:1.28, is about to be applied.' },
    { when: (rows) => replicaSetsOf(rows, 'web-').length === 2, says: 'The Pods’ template has changed, so the Deployment has a second ReplicaSet. At most one Pod too many, at most one too few.' },
    { when: (rows) => newPods(rows).some((pod) => pod.ready), says: 'The first Pod with nginx:1.28 is ready. Only what is ready makes room for the next step.' },
    { when: (rows) => replicaSetsOf(rows, 'web-').length === 2 && replicaSetsOf(rows, 'web-')[0]!.desired === 0, says: 'The old ReplicaSet is asked for no Pods any more. It stays, empty: it is the way back.' },
    {
      when: (rows) => newPods(rows).filter((pod) => pod.ready).length === 4 && podsOf(rows, 'web-').length === 4,
      says: 'Four Pods run nginx:1.28, and the old ones are gone. At no moment were fewer than three ready.',
    },
  ],
};
