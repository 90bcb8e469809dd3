/** Which servers are up. Models src/check.c: process_chk, set_server_check_status, check_notify_success, check_notify_failure. */
import type { HealthAnswer, HealthGet } from '../../kubernetes/protocols/health.ts';
import { note, request, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, Failure, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { fall, nameOf, rise, type BalancerState, type Server } from './balancer-state.ts';

/** `inter`, which bounds a check too. */
const interUs = 2_000_000;
const backend = 'apiserverbackend';
const prefix = 'check/';

export const isCheck = ({ id }: ProcessEvent): boolean => id.startsWith(prefix);

const again = (index: number, afterUs: number): Effect => setTimer(`${prefix}${index}`, afterUs, { name: 'check', body: index, background: true });

/** The first checks are spread over the interval. */
export const begin = (state: BalancerState): Outcome<BalancerState> => [state, state.servers.map((_, index) => again(index, Math.floor((interUs * index) / state.servers.length)))];

export function check(state: BalancerState, { body, env }: ProcessEvent): Outcome<BalancerState> {
  const index = body as number;
  const asked = { ...state.servers[index]!, askedAtUs: env.nowUs };
  const message = { type: 'health.get', body: { path: '/readyz' } satisfies HealthGet, background: true };
  return [withServer(state, index, asked), [request(`${prefix}${index}`, asked.address, message, { timeoutUs: interUs })]];
}

const withServer = (state: BalancerState, index: number, server: Server): BalancerState => ({ ...state, servers: state.servers.map((one, at) => (at === index ? server : one)) });

/** How a check ended. Models src/check.c: check_statuses. */
function resultOf({ kind, body }: ProcessEvent): { readonly passed: boolean; readonly what: string } {
  if (kind === 'failure') {
    const { reason } = body as Failure;
    if (reason === 'connection refused') return { passed: false, what: 'Layer4 connection problem, info: "Connection refused"' };
    return reason === 'connection reset' || reason === 'closed' ? { passed: false, what: 'Layer6 invalid response, info: "Connection closed"' } : { passed: false, what: 'Layer4 timeout' };
  }
  const { code } = body as HealthAnswer;
  return code === 200 ? { passed: true, what: 'Layer7 check passed, code: 200' } : { passed: false, what: `Layer7 wrong status, code: ${code}` };
}

export function takeCheck(state: BalancerState, event: ProcessEvent): Outcome<BalancerState> {
  const index = Number(event.id.slice(prefix.length));
  const before = state.servers[index]!;
  const { passed, what } = resultOf(event);
  const health = passed ? (before.health + 1 >= rise ? rise + fall - 1 : before.health + 1) : before.health > rise ? before.health - 1 : 0;
  const server: Server = { ...before, health, up: health >= rise, found: what };
  const next = withServer(state, index, server);
  return [next, [again(index, interUs), ...(before.up === server.up ? [] : turned(next, index, event.env))]];
}

/** As HAProxy logs it. Models src/server.c: srv_append_status, srv_update_status. */
function turned({ servers, connections }: BalancerState, index: number, env: Env): readonly Effect[] {
  const server = servers[index]!;
  const active = servers.filter(({ up }) => up).length;
  const sessions = connections.filter((connection) => connection.server === index).size;
  const ms = Math.floor((env.nowUs - server.askedAtUs) / 1_000);
  const text = `Server ${backend}/${nameOf(server)} is ${server.up ? 'UP' : 'DOWN'}, reason: ${server.found}, check duration: ${ms}ms. ${active} active and 0 backup servers ${server.up ? 'online' : 'left'}. ${server.up ? '0 sessions requeued, 0 total in queue.' : `${sessions} sessions active, 0 requeued, 0 remaining in queue.`}`;
  const none = note({ name: 'health-check', text: `backend ${backend} has no server available!`, background: false });
  return [note({ name: 'health-check', text, background: false }), ...(active === 0 ? [none] : [])];
}

/** `UP`, or how far a change has come: `UP 2/3` lost one of three, `DOWN 1/2` passed one of two. */
export function healthWord({ up, health }: Server): string {
  if (up) return health === rise + fall - 1 ? 'UP' : `UP ${health - rise + 1}/${fall}`;
  return health === 0 ? 'DOWN' : `DOWN ${health}/${rise}`;
}
