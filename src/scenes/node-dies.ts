import { nginxDeployment, serviceFor } from './manifests.ts';
import { apply, hostOf, nodeOf, podsOf, readyPods, recordingOf, seconds, serviceOf } from './scene.ts';
import type { Scene } from './scene.ts';

const lost = 'worker-2';

export const scene: Scene = {
  id: 'node-dies',
  title: 'A node dies',
  look: `${lost} loses its power, and for most of a minute nothing at all happens: silence has to last before anybody believes in it. Watch how a node, a Service and a ReplicaSet each find out at a time of their own.`,
  recording: recordingOf([20, apply(nginxDeployment('web', 3) + serviceFor('web'), 'web.yaml')], [40, { type: 'power-off-node', node: lost }]),
  startUs: seconds(39),
  stopUs: seconds(410),
  captions: [
    { when: (rows) => readyPods(rows, 'web-') === 3, says: `Three Pods run, one on each worker. ${lost} is about to lose its power.` },
    { when: (rows) => hostOf(rows, lost)?.powered === false, says: `${lost} is dead, and nobody knows. Its Node still says Ready; only its lease is no longer renewed.` },
    { when: (rows) => nodeOf(rows, lost)?.ready === 'Unknown', says: `No news from ${lost} for 50 s: its Node is NotReady.` },
    {
      when: (rows) => nodeOf(rows, lost)?.ready === 'Unknown' && serviceOf(rows, 'web')?.readyPods.length === 2,
      says: 'Its Pod no longer counts as ready, and the Service leaves it out. The Pod itself is still there: it tolerates this for 300 s.',
    },
    {
      when: (rows) => nodeOf(rows, lost)?.ready === 'Unknown' && podsOf(rows, 'web-').some((pod) => pod.node === lost && pod.deleting),
      says: 'The 300 s are over: the Pod is deleted. Its ReplicaSet is one short, and creates another.',
    },
    {
      when: (rows) => nodeOf(rows, lost)?.ready === 'Unknown' && podsOf(rows, 'web-').filter((pod) => pod.ready && !pod.deleting && pod.node !== lost).length === 3,
      says: 'Three Pods are ready again. The lost one stays Terminating: nobody is left who could confirm its end.',
    },
  ],
};
