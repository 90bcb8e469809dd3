import type { EtcdState } from '../cluster/etcd/serving.ts';
import { read } from '../cluster/etcd/store.ts';
import { programs } from '../cluster/registry.ts';
import type { Deployment } from '../kubernetes/api/index.ts';
import { nodes, threeNodes, worldSpec, type Topology } from '../scenarios/topologies/index.ts';
import { World } from '../simulation/world.ts';
import { report } from './bench-report.ts';

interface Cost { readonly wallMs: number; readonly cpuMs: number }
function cost(work: () => void): Cost {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

const second = 1_000_000;
const minute = 60 * second;

function settled(topology: Topology): World {
  const world = new World(worldSpec(topology, 1), programs);
  world.runUntil(30 * second);
  return world;
}

const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } },
});

/** From apply to all Ready as etcd has it; throws if that is not reached. */
function replicas(count: number): { readonly cost: Cost; readonly steps: number; readonly virtualMs: number } {
  const topology = nodes(10);
  const world = settled(topology);
  const available = (): number => {
    const { store } = world.process('control-plane-1/etcd')!.snapshot!.state as EtcdState;
    return (read(store, '/registry/deployments/default/web')?.value as Deployment | undefined)?.status?.availableReplicas ?? 0;
  };
  const [startUs, startSteps] = [world.nowUs, world.steps];
  world.dispatch({ type: 'tell', to: 'outside/kubectl', event: 'kubectl.apply', body: { id: 'bench', fileName: 'web.yaml', documents: [{ value: deployment(count) }] } });
  let spent: Cost = { wallMs: 0, cpuMs: 0 };
  while (available() < count) {
    if (world.nowUs - startUs > 20 * minute) throw new Error(`${available()} of ${count} replicas became available in 20 virtual minutes`);
    const part = cost(() => world.runUntil(world.nowUs + second));
    spent = { wallMs: spent.wallMs + part.wallMs, cpuMs: spent.cpuMs + part.cpuMs };
  }
  return { cost: spent, steps: world.steps - startSteps, virtualMs: (world.nowUs - startUs) / 1_000 };
}

/** The engine's figures, without a page. */
export function measureEngine(): void {
  replicas(50); // warms the compiler, as a page that has shown its first minute has
  const runs = [100, 500, 1_000].map((count) => ({ count, ...replicas(count) }));
  for (const { count, cost: { wallMs, cpuMs }, virtualMs } of runs) {
    // A public peer takes 1.9, 23 and 72 s; a hundredth of its time at 1,000, and no worse than linear on the way there.
    report(`replicas-${count}-wall`, wallMs, 'ms', count === 1_000 ? 720 : undefined);
    report(`replicas-${count}-cpu`, cpuMs, 'ms', undefined);
    report(`replicas-${count}-virtual`, virtualMs, 'ms', undefined);
  }
  const [small, , large] = runs as [typeof runs[0], typeof runs[0], typeof runs[0]];
  report('replicas-growth-100-to-1000', large.cost.wallMs / small.cost.wallMs, 'times', 10);
  report('steps-per-second', large.steps / (large.cost.wallMs / 1_000), 'steps/s', 100_000, 'higher');

  const idle = settled(threeNodes);
  report('idle-ten-minutes', cost(() => idle.runUntil(idle.nowUs + 10 * minute)).wallMs, 'ms', undefined);

  const recorded = settled(threeNodes);
  recorded.dispatch({ type: 'tell', to: 'outside/kubectl', event: 'kubectl.apply', body: { id: 'bench', fileName: 'web.yaml', documents: [{ value: deployment(6) }] } });
  recorded.runUntil(60 * second);
  recorded.dispatch({ type: 'power-off', host: 'worker-1' });
  recorded.runUntil(10 * minute);
  const seeks = [0.95, 0.1, 0.5, 0.99, 0.02, 0.75, 1, 0.3].map((part) => cost(() => recorded.seek(part * 10 * minute)).wallMs);
  report('seek-ten-minute-recording-worst', Math.max(...seeks), 'ms', 100);
}
