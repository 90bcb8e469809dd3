import { breakStreams, closeStream, openStream, refuse, request, respond, resetRequestsTo, write } from '../network/conversations.ts';
import { append, inherited, nextSequence, type Kernel, type Slot } from '../kernel.ts';
import { mix } from '../recording/state-hash.ts';
import type { Effect, EventKind, ProcessStart, StopCause } from './process.ts';

/** Runs one step of a process: gives it the event, keeps what it knows next, carries out what it asks for. */
export function step(kernel: Kernel, slot: Slot, kind: EventKind, type: string, id: string, from: string, body: unknown, eventId: number): void {
  const env = { nowUs: kernel.nowUs, self: slot.address, eventId, background: inherited(kernel, eventId), random: slot.random };
  const { snapshot, effects } = kind === 'start'
    ? slot.definition.start({ type, kind, id, from, body: body as ProcessStart, env })
    : slot.definition.step(slot.snapshot!, { type, kind, id, from, body, env });
  slot.snapshot = snapshot;
  kernel.steps += 1;
  kernel.hashHigh = mix(mix(kernel.hashHigh, slot.index), eventId);
  kernel.hashLow = mix(mix(kernel.hashLow, kernel.nowUs | 0), effects.length);
  for (const effect of effects) carryOut(kernel, slot, effect, eventId);
  kernel.onStep?.(slot, eventId);
}

function carryOut(kernel: Kernel, slot: Slot, effect: Effect, eventId: number): void {
  switch (effect.kind) {
    case 'request': request(kernel, slot, effect, eventId); break;
    case 'respond': respond(kernel, slot, effect, eventId); break;
    case 'refuse': refuse(kernel, slot, effect, eventId); break;
    case 'open-stream': openStream(kernel, slot, effect, eventId); break;
    case 'write': write(kernel, slot, effect, eventId); break;
    case 'close-stream': closeStream(kernel, slot, effect, eventId); break;
    case 'set-timer': {
      if (!(effect.afterUs >= 0)) throw new Error(`${slot.address} set timer ${effect.id} after ${effect.afterUs} µs`);
      const sequence = nextSequence(kernel);
      kernel.agenda.put({ what: 'timer', atUs: kernel.nowUs + Math.round(effect.afterUs), sequence, slot: slot.index, id: effect.id, name: effect.name, body: effect.body, causeId: eventId, background: effect.background });
      slot.timers.set(effect.id, sequence);
      break;
    }
    case 'clear-timer': slot.timers.delete(effect.id); break;
    case 'note':
      append(kernel, { what: 'note', id: kernel.recorded, atUs: kernel.nowUs + (effect.note.afterUs ?? 0), causeId: eventId, background: effect.note.background ?? inherited(kernel, eventId), address: slot.address, note: effect.note });
      break;
  }
}

export function fireTimer(kernel: Kernel, entry: { readonly sequence: number; readonly slot: number; readonly id: string; readonly name: string; readonly body: unknown; readonly causeId: number; readonly background: boolean }): void {
  const slot = kernel.slots[entry.slot]!;
  if (slot.timers.get(entry.id) !== entry.sequence) return;
  slot.timers.delete(entry.id);
  const id = kernel.recorded;
  append(kernel, { what: 'timer', id, atUs: kernel.nowUs, causeId: entry.causeId, background: entry.background, address: slot.address, name: entry.name });
  step(kernel, slot, 'timer', `timer.${entry.name}`, entry.id, '', entry.body, id);
}

/** Begins a process on a powered host; nothing if it is running already. */
export function startProcess(kernel: Kernel, slot: Slot, causeId: number): void {
  if (slot.running || kernel.poweredOff.has(slot.host)) return;
  slot.running = true;
  const id = kernel.recorded;
  append(kernel, { what: 'started', id, atUs: kernel.nowUs, causeId, background: false, address: slot.address, how: slot.incarnation === 0 ? 'started' : 'restarted' });
  const body: ProcessStart = { input: slot.spec.input, disk: slot.disk, incarnation: slot.incarnation };
  step(kernel, slot, 'start', 'process.started', '', '', body, id);
}

/** Ends a process: its memory is gone, its connections break, its disk stays. */
export function endProcess(kernel: Kernel, slot: Slot, cause: StopCause, causeId: number): void {
  if (!slot.running) return;
  slot.disk = slot.definition.survives?.(slot.snapshot!.state, cause);
  slot.running = false;
  slot.snapshot = undefined;
  slot.incarnation += 1;
  slot.endedAtUs = kernel.nowUs;
  slot.timers = new Map();
  const id = kernel.recorded;
  append(kernel, { what: 'ended', id, atUs: kernel.nowUs, causeId, background: false, address: slot.address, how: cause });
  for (const conversation of slot.conversations.values()) kernel.requests.delete(conversation);
  slot.conversations = new Map();
  breakStreams(kernel, slot, cause, id);
  if (cause !== 'power-loss') resetRequestsTo(kernel, slot, id);
  kernel.onStep?.(slot, id);
}
