/** Requests of clients that are no part of the world, carried to the API server as they are. Models staging/src/k8s.io/kubectl/pkg/proxy/proxy_server.go. */
import type { ApiRequest, ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';
import { closeStream, openStream, request as ask, write } from '../../simulation/process/effects.ts';
import type { Effect, Failure, FailureReason, Outcome, ProcessEvent } from '../../simulation/process/process.ts';

export interface ProxyInput { readonly apiServer: string }

/** What came back for one request, under the id the client gave it. */
export type Reply =
  | { readonly id: string; readonly what: 'response'; readonly response: ApiResponse }
  | { readonly id: string; readonly what: 'frame'; readonly type: string; readonly object: WatchFrame['object']; readonly columns?: WatchFrame['columns'] }
  /** On an open conversation with a container: bytes, or how it ended. */
  | { readonly id: string; readonly what: 'said'; readonly type: string; readonly body: unknown }
  | { readonly id: string; readonly what: 'ended'; readonly reason: FailureReason };

export interface ProxyState {
  readonly apiServer: string;
  readonly underWay: number;
  readonly answered: number;
  /** What came in the last step; a new array in each step in which something came. */
  readonly replies: readonly Reply[];
}

/** A client's request has no time-out of its own: the server's is a minute. */
const timeoutUs = 70_000_000;

export const initialState = ({ apiServer }: ProxyInput): ProxyState => ({ apiServer, underWay: 0, answered: 0, replies: [] });

export function takeRequest(state: ProxyState, { body }: ProcessEvent): Outcome<ProxyState> {
  const { id, request } = body as { readonly id: string; readonly request: ApiRequest };
  const message = { type: `api.${request.verb}`, body: request, background: false };
  const effect: Effect = request.verb === 'watch' || request.verb === 'connect' || request.query?.follow === true ? openStream(id, state.apiServer, message) : ask(id, state.apiServer, message, { timeoutUs });
  return [{ ...state, underWay: state.underWay + 1 }, [effect]];
}

/** The client has hung up. */
export const hangUp = (state: ProxyState, { body }: ProcessEvent): Outcome<ProxyState> =>
  [{ ...state, underWay: state.underWay - 1 }, [closeStream((body as { readonly id: string }).id)]];

/** The client says something on a conversation that is open. */
export function say(state: ProxyState, { body }: ProcessEvent): Outcome<ProxyState> {
  const { id, type, body: said } = body as { readonly id: string; readonly type: string; readonly body: unknown };
  return [state, [write(id, { type, body: said, background: false })]];
}

const reply = (state: ProxyState, last: boolean, one: Reply): Outcome<ProxyState> =>
  [{ ...state, underWay: state.underWay - (last ? 1 : 0), answered: state.answered + (last ? 1 : 0), replies: [one] }, []];

export const hearTheServer = (state: ProxyState, { id, kind, body }: ProcessEvent): Outcome<ProxyState> =>
  reply(state, true, kind === 'failure' ? { id, what: 'ended', reason: (body as Failure).reason } : { id, what: 'response', response: body as ApiResponse });

export const hearTheWatch = (state: ProxyState, { id, type, body }: ProcessEvent): Outcome<ProxyState> =>
  reply(state, false, { id, what: 'frame', type, ...(body as WatchFrame) });

export const hearTheContainer = (state: ProxyState, { id, type, body }: ProcessEvent): Outcome<ProxyState> =>
  reply(state, false, { id, what: 'said', type, body });

export const endTheWatch = (state: ProxyState, { id, body }: ProcessEvent): Outcome<ProxyState> =>
  reply(state, true, { id, what: 'ended', reason: (body as Failure).reason });
