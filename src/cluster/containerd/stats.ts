/** What running containers take, as they are asked. Models internal/cri/server/container_stats_list.go. */
import type { ContainerStats, ListContainerStatsResponse } from '../../kubernetes/protocols/cri.ts';
import { respond } from '../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { ContainerdState } from './runtime-state.ts';

const workUs = 5_000;

/** The cpu counter stands where it would, had the process always taken what it takes now. */
export function listContainerStats(state: ContainerdState, { id, env: { nowUs } }: ProcessEvent): Outcome<ContainerdState> {
  const stats: ContainerStats[] = [];
  for (const { shown, usage } of state.containers.values()) {
    const { metadata } = state.sandboxes.get(shown.podSandboxId)?.shown ?? {};
    if (metadata === undefined || shown.state !== 'CONTAINER_RUNNING' || shown.startedAtUs > nowUs) continue;
    const { namespace, name: pod } = metadata;
    stats.push({ namespace, pod, container: shown.name, startedAtUs: shown.startedAtUs, usageCoreNanoSeconds: usage.cpuMillis * (nowUs - shown.startedAtUs), workingSetBytes: usage.memoryBytes });
  }
  return [state, [respond(id, { type: 'cri.ListContainerStatsResponse', body: { atUs: nowUs, stats } satisfies ListContainerStatsResponse }, workUs)]];
}
