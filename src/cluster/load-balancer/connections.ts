/** Connections and what travels on them: each is carried to one server, until an end breaks it. Models src/backend.c: assign_server, and src/stream.c. */
import { clearTimer, closeStream, note, openStream, refuse, request, respond, setTimer, write } from '../../simulation/process/effects.ts';
import type { Address, Effect, Env, Failure, FailureReason, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { nameOf, type BalancerState, type Connection, type Relay } from './balancer-state.ts';

type Work = Outcome<BalancerState>;

/** `retries 1` with `option redispatch`: the second try goes to another server. */
const mostTries = 2;
/** A client that neither asks nor holds a stream for so long has hung up: a kubectl that has ended. */
const idleUs = 2_000_000;
/** Clients give up before this. */
const timeoutUs = 70_000_000;
const workUs = 20;

/** The next server in turn that is up; another than `not` where there is one. Models src/lb_fwrr.c with equal weights. */
function nextServer({ servers, last }: BalancerState, not = -1): number {
  const turn = servers.map((_, i) => (last + 1 + i) % servers.length).filter((index) => servers[index]!.up);
  return turn.find((index) => index !== not) ?? turn[0] ?? -1;
}

const withConnection = (state: BalancerState, client: Address, connection: Connection): BalancerState => ({ ...state, connections: state.connections.set(client, connection) });

/** A client asks something: on its connection, or on a new one. */
export function carry(state: BalancerState, event: ProcessEvent): Work {
  const relay: Relay = { client: event.from, theirs: event.id, stream: event.kind === 'stream-open', message: { type: event.type, body: event.body }, server: -1, tries: 0, heard: false };
  if (state.connections.has(event.from)) return forward(state, relay);
  return connect(state, relay, event.env);
}

/** A connection begins: the next server in turn has it. Without any, the client's is closed at once. */
function connect(state: BalancerState, relay: Relay, env: Env, not?: number): Work {
  const server = nextServer(state, not);
  if (server < 0) return [state, [end(relay, 'closed')]];
  const open = state.connections.get(relay.client)?.open ?? 0;
  const connected: BalancerState = withConnection({ ...state, last: server }, relay.client, { server, sinceUs: env.nowUs, open });
  const text = `${relay.client} goes to ${nameOf(state.servers[server]!)}${not === undefined ? '' : `, as ${nameOf(state.servers[not]!)} refuses`}`;
  const [next, effects] = forward(connected, relay);
  return [next, [note({ name: 'connection', text, background: false }), ...effects]];
}

function forward(state: BalancerState, relay: Relay): Work {
  const connection = state.connections.get(relay.client)!;
  const to = state.servers[connection.server]!.address;
  const id = `relay/${state.nextId}`;
  const next: BalancerState = withConnection({
    ...state, nextId: state.nextId + 1, relays: state.relays.set(id, { ...relay, server: connection.server, tries: relay.tries + 1 }), streams: relay.stream ? state.streams.set(relay.theirs, id) : state.streams,
  }, relay.client, { ...connection, open: connection.open + 1 });
  const ask = relay.stream ? openStream(id, to, relay.message, workUs) : request(id, to, relay.message, { timeoutUs, workUs });
  return [next, [...(connection.open === 0 ? [clearTimer(`idle/${relay.client}`)] : []), ask]];
}

const end = ({ stream, theirs }: Relay, reason: FailureReason): Effect => (stream ? closeStream(theirs, reason) : refuse(theirs, reason));

/** Forgets one relay; a connection on which nothing is open any more is idle. */
function drop(state: BalancerState, id: string, { client, stream, theirs }: Relay): Work {
  const connection = state.connections.get(client);
  const next: BalancerState = { ...state, relays: state.relays.delete(id), streams: stream ? state.streams.delete(theirs) : state.streams };
  if (connection === undefined) return [next, []];
  const open = connection.open - 1;
  return [withConnection(next, client, { ...connection, open }), open > 0 ? [] : [setTimer(`idle/${client}`, idleUs, { name: 'idle', body: client, background: true })]];
}

const after = (work: Work, ...effects: readonly Effect[]): Work => [work[0], [...work[1], ...effects]];

export function answer(state: BalancerState, { id, type, body }: ProcessEvent): Work {
  const relay = state.relays.get(id);
  return relay === undefined ? [state, []] : after(drop(state, id, relay), respond(relay.theirs, { type, body }, workUs));
}

/** What one end says on a stream is said to the other. */
export function passOn(state: BalancerState, { id, type, body }: ProcessEvent): Work {
  const relay = state.relays.get(id);
  if (relay === undefined) {
    const ours = state.streams.get(id);
    return [state, ours === undefined ? [] : [write(ours, { type, body }, workUs)]];
  }
  return [relay.heard ? state : { ...state, relays: state.relays.set(id, { ...relay, heard: true }) }, [write(relay.theirs, { type, body }, workUs)]];
}

/** A stream has ended, at the server's end or at the client's. */
export function endStream(state: BalancerState, event: ProcessEvent): Work {
  const relay = state.relays.get(event.id);
  if (relay !== undefined) return (event.body as Failure).reason === 'closed' ? after(drop(state, event.id, relay), end(relay, 'closed')) : fail(state, event);
  const ours = state.streams.get(event.id);
  return ours === undefined ? [state, []] : after(drop(state, ours, state.relays.get(ours)!), closeStream(ours, (event.body as Failure).reason));
}

/** A server does not answer. Where nobody listens there was no connection any more, and another server is dialled; any other failure is the connection's own. */
export function fail(state: BalancerState, { id, body, env }: ProcessEvent): Work {
  const relay = state.relays.get(id);
  if (relay === undefined) return [state, []];
  const { reason } = body as Failure;
  const gone = reason === 'connection refused' && !relay.heard;
  if (gone && relay.tries < mostTries && nextServer(state) >= 0) {
    const [dropped] = drop(state, id, relay);
    return dropped.connections.get(relay.client)!.server === relay.server ? connect(dropped, relay, env, relay.server) : forward(dropped, relay);
  }
  return breakOff(state, relay.client, gone ? 'closed' : 'connection reset', `${relay.client} loses its connection to ${nameOf(state.servers[relay.server]!)}: ${reason}`);
}

/** The connection is over, and all that was open on it. */
function breakOff(state: BalancerState, client: Address, reason: FailureReason, text: string): Work {
  const lost = [...state.relays].filter(([, relay]) => relay.client === client);
  let { relays, streams } = state;
  const effects: Effect[] = [note({ name: 'connection', text, background: false }), clearTimer(`idle/${client}`)];
  for (const [id, relay] of lost) {
    relays = relays.delete(id);
    streams = streams.delete(relay.theirs);
    effects.push(end(relay, reason), ...(relay.stream ? [closeStream(id)] : []));
  }
  return [{ ...state, relays, streams, connections: state.connections.delete(client) }, effects];
}

/** Nothing has been open for a while: the client has hung up. */
export function hangUp(state: BalancerState, { body }: ProcessEvent): Work {
  const client = body as Address;
  return state.connections.get(client)?.open === 0 ? [{ ...state, connections: state.connections.delete(client) }, []] : [state, []];
}
