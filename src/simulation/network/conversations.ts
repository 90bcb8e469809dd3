import { append, connectionLossUs, conversationOf, inherited, nextSequence, noRouteUs, put, reachable, send, type Kernel, type Sending, type Slot, type StreamRow } from '../kernel.ts';
import type { Effect, FailureReason, Message, SimTime, StopCause } from '../process/process.ts';
import type { MessageRecord } from '../recording/records.ts';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Who is dialled; nobody, where an object named a machine that there never was. A wrong name for a program of a machine is a mistake of ours. */
function callee(kernel: Kernel, slot: Slot, to: string, message: Message): Slot | undefined {
  const peer = kernel.byAddress.get(to);
  if (peer === undefined) {
    const host = to.slice(0, to.indexOf('/'));
    if (!kernel.slots.some((one) => one.host === host)) return undefined;
    throw new Error(`${slot.address} dials ${to}, which does not exist`);
  }
  const { program } = peer.spec;
  if (slot.mayDial.get(message.type) === program) return peer;
  const protocol = message.type.slice(0, message.type.indexOf('.'));
  if (!kernel.permits(slot.spec.program, peer.spec.program, protocol)) throw new Error(`${slot.spec.program} may not dial ${peer.spec.program} with ${protocol}`);
  slot.mayDial.set(message.type, program);
  return peer;
}

function say(kernel: Kernel, kind: MessageRecord['kind'], from: Slot, to: Slot, message: Message, eventId: number, workUs: number, conversation: number, notBeforeUs: SimTime): MessageRecord {
  const causeId = message.cause ?? eventId;
  return put(kernel, kind, from, to, message.type, message.body, causeId, message.background ?? inherited(kernel, causeId), workUs, undefined, conversation, notBeforeUs);
}

/** A connection ends: what the other end is told. */
const ending = (type: string, reason: FailureReason, to: string, causeId: number, background: boolean): Sending =>
  ({ type, body: { reason, to }, causeId, background, workUs: 0, reason });

/** The caller hears of it when its packets have found no way. */
function dialNobody(kernel: Kernel, slot: Slot, { id, to, message }: Of<'request' | 'open-stream'>, stream: boolean, limitUs: number, eventId: number): void {
  const background = message.background ?? inherited(kernel, message.cause ?? eventId);
  const conversation = kernel.recorded;
  append(kernel, { what: 'timer', id: conversation, atUs: kernel.nowUs, causeId: eventId, background, address: slot.address, name: 'dial' });
  slot.conversations.set(id, conversation);
  kernel.requests.set(conversation, { id: conversation, from: slot.index, ownId: id, to: slot.index, background, nobody: { address: to, stream } });
  kernel.agenda.put({ what: 'deadline', atUs: kernel.nowUs + Math.min(noRouteUs, limitUs), sequence: nextSequence(kernel), conversation, causeId: conversation, background });
}

export function request(kernel: Kernel, slot: Slot, effect: Of<'request'>, eventId: number): void {
  const peer = callee(kernel, slot, effect.to, effect.message);
  if (peer === undefined) return dialNobody(kernel, slot, effect, false, effect.timeoutUs, eventId);
  const record = say(kernel, 'request', slot, peer, effect.message, eventId, effect.workUs, -1, 0);
  if (slot.conversations.has(effect.id)) throw new Error(`${slot.address} uses the id ${effect.id} twice at once`);
  slot.conversations.set(effect.id, record.id);
  kernel.requests.set(record.id, { id: record.id, from: slot.index, ownId: effect.id, to: peer.index, background: record.background });
  const limitUs = kernel.poweredOff.has(peer.host) ? Math.min(noRouteUs, effect.timeoutUs) : effect.timeoutUs;
  kernel.agenda.put({ what: 'deadline', atUs: record.sentAtUs + limitUs, sequence: nextSequence(kernel), conversation: record.id, causeId: record.id, background: record.background });
}

export function respond(kernel: Kernel, slot: Slot, effect: Of<'respond'>, eventId: number): void {
  const row = kernel.requests.get(conversationOf(effect.id));
  // Who asked may have given up or died: the answer goes nowhere.
  if (row === undefined || row.to !== slot.index) return;
  say(kernel, 'response', slot, kernel.slots[row.from]!, effect.message, eventId, effect.workUs, row.id, 0);
}

export function refuse(kernel: Kernel, slot: Slot, effect: Of<'refuse'>, eventId: number): void {
  const row = kernel.requests.get(conversationOf(effect.id));
  if (row !== undefined && row.to === slot.index) send(kernel, 'failure', slot, kernel.slots[row.from]!, ending('request.failed', effect.reason, slot.address, eventId, row.background), row.id, 0);
}

export function openStream(kernel: Kernel, slot: Slot, effect: Of<'open-stream'>, eventId: number): void {
  const peer = callee(kernel, slot, effect.to, effect.message);
  if (peer === undefined) return dialNobody(kernel, slot, effect, true, noRouteUs, eventId);
  const record = say(kernel, 'open', slot, peer, effect.message, eventId, effect.workUs, -1, 0);
  if (slot.conversations.has(effect.id)) throw new Error(`${slot.address} opens the stream ${effect.id} twice`);
  slot.conversations.set(effect.id, record.id);
  kernel.streams.set(record.id, { id: record.id, dialer: slot.index, ownId: effect.id, acceptor: peer.index, dialerOpen: true, acceptorOpen: true, accepted: false, toAcceptorUs: record.arrivesAtUs, toDialerUs: 0 });
  const off = kernel.poweredOff.has(peer.host);
  if (off || !reachable(kernel, slot.host, peer.host)) kernel.agenda.put({ what: 'break', atUs: kernel.nowUs + (off ? noRouteUs : connectionLossUs), sequence: nextSequence(kernel), conversation: record.id, causeId: record.id });
}

/** The stream that a process names, if its end is still open. */
function streamOf(kernel: Kernel, slot: Slot, id: string): StreamRow | undefined {
  const theirs = conversationOf(id);
  const row = kernel.streams.get(theirs >= 0 ? theirs : slot.conversations.get(id) ?? -1);
  if (row === undefined) return undefined;
  return (theirs < 0 ? row.dialer : row.acceptor) === slot.index && (theirs < 0 ? row.dialerOpen : row.acceptorOpen) ? row : undefined;
}

export function write(kernel: Kernel, slot: Slot, effect: Of<'write'>, eventId: number): void {
  const found = streamOf(kernel, slot, effect.id);
  // The other end may have gone a moment ago: we shall hear of it.
  if (found === undefined) return;
  const theirs = conversationOf(effect.id) >= 0;
  const peer = kernel.slots[theirs ? found.dialer : found.acceptor]!;
  const { arrivesAtUs } = say(kernel, 'data', slot, peer, effect.message, eventId, effect.workUs, found.id, theirs ? found.toDialerUs : found.toAcceptorUs);
  if (theirs) found.toDialerUs = arrivesAtUs;
  else found.toAcceptorUs = arrivesAtUs;
}

export function closeStream(kernel: Kernel, slot: Slot, effect: Of<'close-stream'>, eventId: number): void {
  const found = streamOf(kernel, slot, effect.id);
  if (found !== undefined) return hangUp(kernel, found, conversationOf(effect.id) < 0, effect.reason, eventId);
  const dialled = slot.conversations.get(effect.id) ?? -1;
  if (kernel.requests.get(dialled)?.nobody?.stream !== true) return;
  kernel.requests.delete(dialled);
  slot.conversations.delete(effect.id);
}

/** One end lets go: it hears no more, the other is told in order. */
function hangUp(kernel: Kernel, row: StreamRow, asDialer: boolean, reason: FailureReason, causeId: number): void {
  if (asDialer) {
    row.dialerOpen = false;
    kernel.slots[row.dialer]!.conversations.delete(row.ownId);
  } else row.acceptorOpen = false;
  const from = kernel.slots[asDialer ? row.dialer : row.acceptor]!;
  const to = kernel.slots[asDialer ? row.acceptor : row.dialer]!;
  const { arrivesAtUs } = send(kernel, 'close', from, to, ending('stream.closed', reason, from.address, causeId, inherited(kernel, causeId)), row.id, asDialer ? row.toAcceptorUs : row.toDialerUs);
  if (asDialer) row.toAcceptorUs = arrivesAtUs;
  else row.toDialerUs = arrivesAtUs;
}

/** All streams of a process that has ended: its peers hear at once, or (power lost) only when they give up. */
export function breakStreams(kernel: Kernel, slot: Slot, cause: StopCause, causeId: number): void {
  for (const row of kernel.streams.values()) {
    const asDialer = row.dialer === slot.index;
    if (!asDialer && row.acceptor !== slot.index) continue;
    if (asDialer ? !row.dialerOpen : !row.acceptorOpen) continue;
    if (cause !== 'power-loss') hangUp(kernel, row, asDialer, cause === 'stopped' ? 'closed' : 'connection reset', causeId);
    else {
      if (asDialer) row.dialerOpen = false;
      else row.acceptorOpen = false;
      kernel.agenda.put({ what: 'break', atUs: kernel.nowUs + connectionLossUs, sequence: nextSequence(kernel), conversation: row.id, causeId });
    }
  }
}

export function resetRequestsTo(kernel: Kernel, slot: Slot, causeId: number): void {
  for (const row of kernel.requests.values()) {
    if (row.to === slot.index) send(kernel, 'failure', slot, kernel.slots[row.from]!, ending('request.failed', 'connection reset', slot.address, causeId, row.background), row.id, 0);
  }
}

/** A host has power again: what is left of its old connections is refused by it. */
export function resetOldStreams(kernel: Kernel, host: string, causeId: number): void {
  for (const row of kernel.streams.values()) {
    const ends = [kernel.slots[row.dialer]!, kernel.slots[row.acceptor]!] as const;
    if (ends[0].host === host && !row.dialerOpen && row.acceptorOpen) hangUp(kernel, row, true, 'connection reset', causeId);
    if (ends[1].host === host && !row.acceptorOpen && row.dialerOpen) hangUp(kernel, row, false, 'connection reset', causeId);
  }
}

/** A host is cut off: each stream that crosses the cut is given up if it is still cut when patience ends. */
export function watchCutStreams(kernel: Kernel, host: string, causeId: number): void {
  for (const row of kernel.streams.values()) {
    const [a, b] = [kernel.slots[row.dialer]!.host, kernel.slots[row.acceptor]!.host];
    if ((a === host) !== (b === host)) kernel.agenda.put({ what: 'break', atUs: kernel.nowUs + connectionLossUs, sequence: nextSequence(kernel), conversation: row.id, causeId });
  }
}
