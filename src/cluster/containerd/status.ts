import type { StatusResponse } from '../../kubernetes/protocols/cri.ts';
import { respond } from '../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { ContainerdState } from './runtime-state.ts';

/** Is the runtime up (it answers, so it is), and is there a network configuration under /etc/cni/net.d (there is). */
export function status(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const body: StatusResponse = { runtimeReady: true, networkReady: true };
  return [state, [respond(event.id, { type: 'cri.StatusResponse', body }, 1_000)]];
}
