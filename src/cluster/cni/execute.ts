import type { CniError, CniRequest, CniResult } from '../../kubernetes/protocols/cni.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { respond } from '../../simulation/process/effects.ts';
import { allocate, release, type Range, type Reservations } from './host-local.ts';

/** What the plugin knows between two executions: all of it lies on the node's disk. */
export interface CniState {
  readonly node: string;
  readonly podCidr: string;
  readonly range: Range;
  readonly reservations: Reservations;
}

export interface CniInput { readonly node: string; readonly podCidr: string }

/** Executed with ADD: one address, a veth pair and the routes for a new sandbox. */
export function add(state: CniState, event: ProcessEvent): Outcome<CniState> {
  const { containerId } = event.body as CniRequest;
  const got = allocate(state.range, state.reservations, containerId);
  if (!got.ok) {
    const error: CniError = { code: 999, message: `plugin type="bridge" failed (add): ${got.message}` };
    return [state, [respond(event.id, { type: 'cni.Error', body: error }, 5_000)]];
  }
  const result: CniResult = { ip: got.ip, gateway: state.range.gateway };
  const workUs = 60_000 + event.env.random('cni/add', 60_000);
  return [{ ...state, reservations: got.reservations }, [respond(event.id, { type: 'cni.Result', body: result }, workUs)]];
}

/** Executed with DEL: everything of the sandbox is taken away; asking twice is fine. */
export function del(state: CniState, event: ProcessEvent): Outcome<CniState> {
  const { containerId } = event.body as CniRequest;
  const result: CniResult = { ip: '', gateway: state.range.gateway };
  const workUs = 30_000 + event.env.random('cni/del', 30_000);
  return [{ ...state, reservations: release(state.reservations, containerId) }, [respond(event.id, { type: 'cni.Result', body: result }, workUs)]];
}
