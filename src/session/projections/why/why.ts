import type { Deployment, KubeObject, Node, Pod, ReplicaSet, Service } from '../../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../../kubernetes/api/kept-specs.ts';
import { asWorkload } from '../daemon-set.ts';
import type { Job } from '../../../kubernetes/api/batch-v1.ts';
import type { World } from '../../../simulation/world.ts';
import type { QueryAnswer } from '../../port/protocol.ts';
import type { Row } from '../../port/rows.ts';
import type { WhyQuery } from '../../port/why.ts';
import { whyJob } from './job.ts';
import { whyNode } from './node.ts';
import { whyPod } from './pod.ts';
import { Scene, type Verdict } from './scene.ts';
import { whyService } from './service.ts';
import { whyWorkload } from './workload.ts';

const reasons: { readonly [kind: string]: (scene: Scene, object: never) => Verdict } = {
  Pod: (scene, object: Pod) => whyPod(scene, object),
  Deployment: (scene, object: Deployment) => whyWorkload(scene, object),
  ReplicaSet: (scene, object: ReplicaSet) => whyWorkload(scene, object),
  StatefulSet: (scene, object: ReplicaSet) => whyWorkload(scene, object),
  DaemonSet: (scene, object: DaemonSet) => whyWorkload(scene, asWorkload(object)),
  Job: (scene, object: Job) => whyJob(scene, object),
  Node: (scene, object: Node) => whyNode(scene, object),
  Service: (scene, object: Service) => whyService(scene, object),
};

/** Why is an object as it is? Only what the world shows is told. */
export function whyAnswer(world: World, rows: ReadonlyMap<string, Row>, objects: Iterable<KubeObject>, { kind, namespace, name }: WhyQuery): QueryAnswer {
  const reason = Object.hasOwn(reasons, kind) ? reasons[kind] : undefined;
  if (reason === undefined) return { type: 'nothing', text: `Nothing more is known about why a ${kind} is as it is.` };
  const scene = new Scene(world, rows, objects);
  const object = scene.find(kind, namespace, name);
  if (object === undefined) return { type: 'nothing', text: `There is no ${kind} ${name} at the moment you are looking at.` };
  return { type: 'why', ...reason(scene, object as never) };
}
