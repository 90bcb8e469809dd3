import type { Component } from '../../cluster/component.ts';
import { takenTransitions } from '../../simulation/process/taken-transition.ts';
import type { MessageRecord } from '../../simulation/recording/records.ts';
import type { World } from '../../simulation/world.ts';
import type { ActivityAnswer, ActivityQuery, LastTransition, MessageLine } from '../port/activity.ts';
import { isOk, messageLabel } from './message-rows.ts';
import { programTables } from './program-tables.ts';

const messagesTold = 10;
/** Who is silent for so many records is not searched for further back. */
const recordsSearched = 60_000;

/** What a program did last, and what it knows. */
export function activityAnswer(world: World, components: Readonly<Record<string, Component>>, { address }: ActivityQuery): ActivityAnswer | { readonly type: 'nothing'; readonly text: string } {
  const process = world.process(address);
  const component = process && components[process.program];
  if (process === undefined || component === undefined) return { type: 'nothing', text: `Nothing runs at ${address}.` };
  const received: MessageLine[] = [];
  const sent: MessageLine[] = [];
  let heardAtUs: number | undefined;
  for (let id = world.recorded - 1; id >= Math.max(0, world.recorded - recordsSearched); id -= 1) {
    const record = world.record(id)!;
    if (record.what === 'timer' && record.address === address) heardAtUs = Math.max(heardAtUs ?? 0, record.atUs);
    if (record.what === 'message') {
      if (record.from === address && sent.length < messagesTold) sent.push(line(world, record, record.to, record.sentAtUs));
      if (record.to === address && !record.lost && record.arrivesAtUs <= world.nowUs) {
        heardAtUs = Math.max(heardAtUs ?? 0, record.arrivesAtUs);
        received.push(line(world, record, record.from, record.arrivesAtUs));
      }
    }
    // What was sent later may have arrived earlier: a few more are looked at than are told.
    if (sent.length >= messagesTold && received.length >= messagesTold * 2) break;
  }
  received.sort((a, b) => b.atUs - a.atUs || b.recordId - a.recordId);
  const last = heardAtUs === undefined || !process.running ? undefined : lastTransition(world, component, address, heardAtUs);
  return {
    type: 'activity', ...(last !== undefined && { last }), received: received.slice(0, messagesTold), sent,
    tables: process.snapshot === undefined ? [] : programTables(process.program, process.snapshot.state, world.nowUs),
  };
}

const line = (world: World, record: MessageRecord, peer: string, atUs: number): MessageLine =>
  ({ recordId: record.id, atUs, peer, label: labelOf(world, record), background: record.background, ok: isOk(record, (id) => world.record(id)) });

/** A status code alone says little: it is told with what it answers. */
function labelOf(world: World, record: MessageRecord): string {
  const asked = record.type === 'api.response' ? world.record(record.conversation) : undefined;
  return asked?.what === 'message' ? `${messageLabel(record)} to ${messageLabel(asked)}` : messageLabel(record);
}

function lastTransition(world: World, component: Component, address: string, atUs: number): LastTransition | undefined {
  const step = world.stepAt(address, atUs);
  if (step === undefined) return undefined;
  return { recordId: step.event.env.eventId, atUs, event: step.event.type, taken: takenTransitions(component.machine, step.before, step.event) };
}
