import type { TimedInput, WorldInput } from '../../simulation/recording/records.ts';
import type { Target } from '../../cluster/kubectl/state.ts';
import { oneOf, type Draw } from '../faults/fault.ts';
import { applyObjects, tellKubectl } from '../kubectl-input.ts';
import { deployment, pod, service, type ContainerWish } from './manifests.ts';

const images = ['nginx:1.27', 'nginx:1.28', 'httpd:2.4', 'redis:7', 'registry.k8s.io/pause:3.10', 'busybox:1.36'];
const names = ['web', 'api', 'cache'] as const;
const podNames = ['alone', 'other', 'batch'] as const;

function wish(draw: Draw): ContainerWish {
  const image = oneOf(draw, images);
  return {
    image,
    ...(image.startsWith('busybox') ? { command: oneOf(draw, [['sleep', '100000'], ['sh', '-c', 'sleep 20; exit 1'], ['sleep', '45']]) } : { port: 80 }),
    ...(draw(3) === 0 ? {} : { cpu: `${50 * (1 + draw(12))}m` }),
    ...(draw(2) === 0 ? {} : { memory: `${32 * (1 + draw(16))}Mi` }),
  };
}

const target = (apiVersion: string, kind: string, name: string): Target => ({ apiVersion, kind, name, namespace: 'default' });

type Deed = (draw: Draw, id: string) => WorldInput;
const deeds: readonly (readonly [weight: number, Deed])[] = [
  [6, (draw, id) => applyObjects(id, [deployment(oneOf(draw, names), draw(8) === 0 ? draw(40) : draw(7), wish(draw))])],
  [3, (draw, id) => tellKubectl('kubectl.scale', { id, targets: [target('apps/v1', 'Deployment', oneOf(draw, names))], replicas: draw(9) })],
  [2, (draw, id) => tellKubectl('kubectl.delete', { id, targets: [target('apps/v1', 'Deployment', oneOf(draw, names))] })],
  [2, (draw, id) => applyObjects(id, [service(oneOf(draw, names))])],
  [1, (draw, id) => tellKubectl('kubectl.delete', { id, targets: [target('v1', 'Service', oneOf(draw, names))] })],
  [3, (draw, id) => applyObjects(id, [pod(oneOf(draw, podNames), wish(draw))])],
  [2, (draw, id) => tellKubectl('kubectl.delete', { id, targets: [target('v1', 'Pod', oneOf(draw, podNames))], ...(draw(4) === 0 ? { gracePeriodSeconds: 0, force: true } : {}) })],
];
const weights = deeds.reduce((sum, [weight]) => sum + weight, 0);

/** What users do to a cluster, so many deeds within so many microseconds: Deployments applied, scaled, changed and deleted, Pods and Services come and go. */
export function randomWorkload(draw: Draw, spanUs: number, count: number): readonly TimedInput[] {
  const times = Array.from({ length: count }, () => draw(spanUs)).sort((a, b) => a - b);
  return times.map((atUs, index) => ({ atUs, input: drawDeed(draw)(draw, `workload-${index}`) }));
}

function drawDeed(draw: Draw): Deed {
  let at = draw(weights);
  for (const [weight, deed] of deeds) {
    if (at < weight) return deed;
    at -= weight;
  }
  throw new Error('the weights do not add up');
}
