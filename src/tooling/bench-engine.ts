import '../cluster/with-manifests.ts';
import type { EtcdState } from '../cluster/etcd/etcd-state.ts';
import { read } from '../cluster/etcd/store.ts';
import { programs } from '../cluster/registry.ts';
import type { Deployment } from '../kubernetes/api/index.ts';
import { nodes, threeNodes, worldSpec, type Topology } from '../scenarios/topologies/index.ts';
import { World } from '../simulation/world.ts';

/**
 * The engine's pieces of work, for whatever runs them: a Worker of a browser, as the page does, or Node. Each is made ready first and
 * then done, so that whoever measures can bracket the doing alone.
 */
export interface Done { readonly wallMs: number; readonly steps: number; readonly virtualMs: number }
export type Ready = () => Done;
export interface Measured { readonly work: Work; readonly done: Done; readonly cpuMs: number }
export type Work = { readonly name: 'replicas'; readonly count: number } | { readonly name: 'idle' } | { readonly name: 'seek' };

export function prepare(work: Work): Ready {
  switch (work.name) {
    case 'replicas': return replicas(work.count);
    case 'idle': return idle();
    case 'seek': return seeks();
  }
}

const second = 1_000_000;
const minute = 60 * second;

function settled(topology: Topology): World {
  const world = new World(worldSpec(topology, 1), programs);
  world.runUntil(30 * second);
  return world;
}

const deployment = (count: number) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: { replicas: count, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } },
});

const apply = (world: World, count: number): void =>
  world.dispatch({ type: 'tell', to: 'outside/kubectl', event: 'kubectl.apply', body: { id: 'bench', fileName: 'web.yaml', documents: [{ value: deployment(count) }] } });

function timed(world: World, work: () => void): Done {
  const [start, startSteps, startUs] = [performance.now(), world.steps, world.nowUs];
  work();
  return { wallMs: performance.now() - start, steps: world.steps - startSteps, virtualMs: (world.nowUs - startUs) / 1_000 };
}

/** Ten nodes, from apply to all Ready as etcd has it; throws if that is not reached. */
function replicas(count: number): Ready {
  const world = settled(nodes(10));
  const available = (): number => {
    const { store } = world.process('control-plane-1/etcd')!.snapshot!.state as EtcdState;
    return (read(store, '/registry/deployments/default/web')?.value as Deployment | undefined)?.status?.availableReplicas ?? 0;
  };
  return () => timed(world, () => {
    const limitUs = world.nowUs + 20 * minute;
    apply(world, count);
    while (available() < count) {
      if (world.nowUs > limitUs) throw new Error(`${available()} of ${count} replicas became available in 20 virtual minutes`);
      world.runUntil(world.nowUs + second);
    }
  });
}

function idle(): Ready {
  const world = settled(threeNodes);
  return () => timed(world, () => world.runUntil(world.nowUs + 10 * minute));
}

/** The slowest of eight jumps through a ten-minute recording with a dead node in it. */
function seeks(): Ready {
  const world = settled(threeNodes);
  apply(world, 6);
  world.runUntil(60 * second);
  world.dispatch({ type: 'power-off', host: 'worker-1' });
  world.runUntil(10 * minute);
  return () => [0.95, 0.1, 0.5, 0.99, 0.02, 0.75, 1, 0.3].map((part) => timed(world, () => world.seek(part * 10 * minute)))
    .reduce((worst, one) => (one.wallMs > worst.wallMs ? one : worst));
}
