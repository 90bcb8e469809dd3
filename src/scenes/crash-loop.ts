import { pod } from './manifests.ts';
import { apply, podOf, recordingOf, seconds } from './scene.ts';
import type { Scene, SceneRows } from './scene.ts';

const restarts = (rows: SceneRows): number => podOf(rows, 'crasher')?.containers[0]?.restarts ?? 0;
const waits = (rows: SceneRows): boolean => podOf(rows, 'crasher')?.status === 'CrashLoopBackOff';

export const scene: Scene = {
  id: 'crash-loop',
  title: 'A crash loop',
  look: 'A container exits as soon as it starts, and the kubelet starts it again, each time after a longer pause. Watch the restarts: the Pod is never replaced, nor moved to another node.',
  recording: recordingOf([20, apply(pod('crasher', 'image: busybox:1.37\ncommand: ["sh", "-c", "exit 1"]'), 'crasher.yaml')]),
  startUs: seconds(20),
  stopUs: seconds(135),
  captions: [
    { when: () => true, says: 'A Pod is applied whose container does nothing but exit with an error.' },
    { when: (rows) => podOf(rows, 'crasher')?.containers[0]?.state === 'terminated' || restarts(rows) > 0, says: 'The container has ended with exit code 1. The first restart comes at once.' },
    { when: (rows) => waits(rows) && restarts(rows) === 1, says: 'It ended again: CrashLoopBackOff. The kubelet waits 10 s before the next try.' },
    { when: (rows) => waits(rows) && restarts(rows) === 2, says: 'Another try, the same end: now it waits 20 s.' },
    { when: (rows) => waits(rows) && restarts(rows) === 3, says: 'Now 40 s. The pause doubles with each failure, up to five minutes.' },
    { when: (rows) => waits(rows) && restarts(rows) === 4, says: 'Now 80 s. CrashLoopBackOff is no error of its own: it is the name of this pause.' },
  ],
};
