import { append, reachable, send, type AgendaEntry, type Kernel, type Slot } from '../kernel.ts';
import { step } from '../process/host.ts';
import type { Failure } from '../process/process.ts';
import type { MessageRecord } from '../recording/records.ts';

/** A message reaches the end of its link: what its receiver, or the receiver's host, makes of it. */
export function deliver(kernel: Kernel, entry: Extract<AgendaEntry, { what: 'deliver' }>): void {
  const { record } = entry;
  const from = kernel.byAddress.get(record.from)!;
  const to = kernel.byAddress.get(record.to)!;
  // The sender ended while it was still working on this: it never left.
  if ((!from.running || from.incarnation !== entry.fromIncarnation) && record.kind !== 'close' && record.kind !== 'failure' && from.endedAtUs < record.sentAtUs) return;
  if (!reachable(kernel, from.host, to.host)) {
    kernel.held.push({ record, fromIncarnation: entry.fromIncarnation });
    return;
  }
  if (kernel.poweredOff.has(to.host)) return;
  switch (record.kind) {
    case 'request': return deliverRequest(kernel, record, to);
    case 'response': case 'failure': return deliverAnswer(kernel, record, to);
    case 'open': return deliverOpen(kernel, record, to);
    case 'data': return deliverData(kernel, record, to);
    case 'close': return deliverClose(kernel, record, to);
  }
}

/** Nothing listens there: the host itself says so at once. */
const refused = (to: Slot, record: MessageRecord) =>
  ({ body: { reason: 'connection refused', to: to.address } satisfies Failure, causeId: record.id, background: record.background, workUs: 0, reason: 'connection refused' as const });

function deliverRequest(kernel: Kernel, record: MessageRecord, to: Slot): void {
  const row = kernel.requests.get(record.conversation);
  if (row === undefined) return;
  if (to.running) return step(kernel, to, 'request', record.type, `#${record.id}`, record.from, record.body, record.id);
  send(kernel, 'failure', to, kernel.slots[row.from]!, { type: 'request.failed', ...refused(to, record) }, row.id, 0);
}

function deliverAnswer(kernel: Kernel, record: MessageRecord, to: Slot): void {
  const row = kernel.requests.get(record.conversation);
  if (row === undefined || row.from !== to.index || !to.running) return;
  kernel.requests.delete(row.id);
  to.conversations.delete(row.ownId);
  step(kernel, to, record.kind === 'response' ? 'response' : 'failure', record.type, row.ownId, record.from, record.body, record.id);
}

function deliverOpen(kernel: Kernel, record: MessageRecord, to: Slot): void {
  const row = kernel.streams.get(record.conversation);
  if (row === undefined || !row.dialerOpen) {
    if (row !== undefined) kernel.streams.delete(row.id);
    return;
  }
  if (to.running) {
    row.accepted = true;
    return step(kernel, to, 'stream-open', record.type, `#${record.id}`, record.from, record.body, record.id);
  }
  row.acceptorOpen = false;
  send(kernel, 'close', to, kernel.slots[row.dialer]!, { type: 'stream.closed', ...refused(to, record) }, row.id, 0);
}

function deliverData(kernel: Kernel, record: MessageRecord, to: Slot): void {
  const row = kernel.streams.get(record.conversation);
  if (row === undefined || !to.running) return;
  const asDialer = row.dialer === to.index;
  if (asDialer ? row.dialerOpen : row.acceptorOpen) step(kernel, to, 'stream-data', record.type, asDialer ? row.ownId : `#${row.id}`, record.from, record.body, record.id);
}

function deliverClose(kernel: Kernel, record: MessageRecord, to: Slot): void {
  const row = kernel.streams.get(record.conversation);
  if (row !== undefined) endStream(kernel, row.id, to, record.body as Failure, record.id);
}

/** This end hears that its stream is over; when both know, it is forgotten. */
function endStream(kernel: Kernel, id: number, end: Slot, failure: Failure, eventId: number): void {
  const row = kernel.streams.get(id)!;
  const asDialer = row.dialer === end.index;
  const wasOpen = asDialer ? row.dialerOpen : row.acceptorOpen;
  if (asDialer) row.dialerOpen = false;
  else row.acceptorOpen = false;
  if (!row.dialerOpen && !row.acceptorOpen) kernel.streams.delete(id);
  if (!wasOpen || !end.running) return;
  if (asDialer) end.conversations.delete(row.ownId);
  else if (!row.accepted) return;
  step(kernel, end, 'stream-closed', 'stream.closed', asDialer ? row.ownId : `#${id}`, (asDialer ? kernel.slots[row.acceptor]! : kernel.slots[row.dialer]!).address, failure, eventId);
}

/** Nobody answered in time. */
export function passDeadline(kernel: Kernel, entry: Extract<AgendaEntry, { what: 'deadline' }>): void {
  const row = kernel.requests.get(entry.conversation);
  if (row === undefined) return;
  kernel.requests.delete(row.id);
  const slot = kernel.slots[row.from]!;
  const peer = kernel.slots[row.to]!;
  slot.conversations.delete(row.ownId);
  const id = note(kernel, slot, 'deadline', entry.causeId, entry.background);
  if (row.nobody !== undefined) {
    const { address: to, stream } = row.nobody;
    return step(kernel, slot, stream ? 'stream-closed' : 'failure', stream ? 'stream.closed' : 'request.failed', row.ownId, to, { reason: 'no route to host', to } satisfies Failure, id);
  }
  step(kernel, slot, 'failure', 'request.failed', row.ownId, peer.address, { reason: kernel.poweredOff.has(peer.host) ? 'no route to host' : 'timed out', to: peer.address } satisfies Failure, id);
}

/** Patience with a silent connection ends: whoever still holds an end of it lets go. */
export function breakConnection(kernel: Kernel, entry: Extract<AgendaEntry, { what: 'break' }>): void {
  const row = kernel.streams.get(entry.conversation);
  if (row === undefined) return;
  const ends = [kernel.slots[row.dialer]!, kernel.slots[row.acceptor]!] as const;
  // A stream that was opened towards a host without power is lost even if the host is back by now: nobody there has heard of it.
  const healthy = row.accepted && row.dialerOpen && row.acceptorOpen && reachable(kernel, ends[0].host, ends[1].host) && !kernel.poweredOff.has(ends[1].host);
  if (healthy) return;
  for (const end of ends) {
    if (!kernel.streams.has(row.id)) return;
    endStream(kernel, row.id, end, { reason: 'timed out', to: (end === ends[0] ? ends[1] : ends[0]).address }, note(kernel, end, 'connection-lost', entry.causeId, false));
  }
}

function note(kernel: Kernel, slot: Slot, name: string, causeId: number, background: boolean): number {
  const id = kernel.recorded;
  append(kernel, { what: 'timer', id, atUs: kernel.nowUs, causeId, background, address: slot.address, name });
  return id;
}
