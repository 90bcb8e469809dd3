/** What is asked of a node's containers even where there are none. */
import type { ListContainersRequest, ListContainersResponse } from '../../kubernetes/protocols/cri.ts';
import { respond, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { ContainerdState } from './runtime-state.ts';

export const exitTimer = (containerId: string, afterUs: number): Effect => setTimer(`exit/${containerId}`, Math.max(0, afterUs), { name: 'processExits', body: containerId });

/** The containers of the node (the same array as long as none changed), or those of one sandbox. */
export function listContainers(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { podSandboxId } = (event.body ?? {}) as ListContainersRequest;
  if (podSandboxId !== undefined) {
    const ids = state.sandboxes.get(podSandboxId)?.containers ?? [];
    const body: ListContainersResponse = { containers: ids.map((id) => state.containers.get(id)!.shown) };
    return [state, [respond(event.id, { type: 'cri.ListContainersResponse', body }, 1_000)]];
  }
  const containers = state.containerList ?? [...state.containers.values()].map(({ shown }) => shown);
  const body: ListContainersResponse = { containers };
  return [containers === state.containerList ? state : { ...state, containerList: containers }, [respond(event.id, { type: 'cri.ListContainersResponse', body }, 1_000)]];
}

/** containerd is back: processes that its shims kept go on, and those that ended meanwhile are seen to have. */
export function recover(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const effects: Effect[] = [];
  let containers = state.containers;
  for (const [id, row] of state.containers) {
    if (row.shown.state === 'CONTAINER_RUNNING' && row.endsAtUs !== undefined) effects.push(exitTimer(id, row.endsAtUs - event.env.nowUs));
    else if (row.shown.state === 'CONTAINER_EXITED' && row.shown.finishedAtUs === 0) {
      containers = containers.set(id, { ...row, shown: { ...row.shown, finishedAtUs: event.env.nowUs } });
    }
  }
  return [containers === state.containers ? state : { ...state, containers, containerList: undefined }, effects];
}
