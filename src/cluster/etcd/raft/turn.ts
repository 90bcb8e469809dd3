import type { EtcdError } from '../../../kubernetes/protocols/etcd.ts';
import { note, request, respond } from '../../../simulation/process/effects.ts';
import type { Address, Effect, Env } from '../../../simulation/process/process.ts';
import type { EtcdState } from '../etcd-state.ts';
import type { RaftState } from './raft-state.ts';

/** One step of a member being worked out: local to the step, so it may be written to. */
export interface Turn { state: EtcdState; readonly effects: Effect[]; readonly env: Env }

const fsyncUs = 1_000;
const fsyncSpreadUs = 1_000;
/** rafthttp's read and write time-outs. */
const messageTimeoutUs = 5_000_000;

export function setRaft(turn: Turn, change: Partial<RaftState>): void {
  turn.state = { ...turn.state, raft: { ...turn.state.raft, ...change } };
}

export function newId(turn: Turn): number {
  const { nextId } = turn.state.raft;
  setRaft(turn, { nextId: nextId + 1 });
  return nextId;
}

/** Sends one raft message and gives its id. */
export function sendRaft(turn: Turn, to: Address, type: string, body: unknown, background?: boolean, workUs = 0): string {
  const id = `raft/${newId(turn)}`;
  turn.effects.push(request(id, to, { type: `raft.${type}`, body, ...(background === undefined ? {} : { background }) }, { timeoutUs: messageTimeoutUs, workUs }));
  return id;
}

export const answerRaft = (turn: Turn, id: string, type: string, body: unknown, workUs = 0): void => { turn.effects.push(respond(id, { type: `raft.${type}`, body }, workUs)); };

export const answerError = (turn: Turn, id: string, message: string, background?: boolean): void => {
  turn.effects.push(respond(id, { type: 'etcd.Error', body: { message } satisfies EtcdError, ...(background === undefined ? {} : { background }) }));
};

/** How long until what was just written is on the disk: writes join the batch that is on its way. */
export function fsync(turn: Turn): number {
  const diskAtUs = Math.max(turn.env.nowUs + fsyncUs + turn.env.random('fsync', fsyncSpreadUs), turn.state.raft.diskAtUs);
  setRaft(turn, { diskAtUs });
  return diskAtUs - turn.env.nowUs;
}

export const remark = (turn: Turn, text: string, background = false): void => { turn.effects.push(note({ name: 'election', text, background })); };
