import { expect, test } from 'vitest';
import type { FromSession, Mark } from '../port/protocol.ts';
import { answerQuery } from '../answer-query.ts';
import { createSession } from '../session.ts';

test('a program that comes back takes its lease anew, which is marked; renewals are not; what was refused is counted', () => {
  const heard: FromSession[] = [];
  const session = createSession({ emit: (message) => heard.push(message), answerQuery, readManifests: () => { throw new Error('no manifests here'); } });
  session.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'three-nodes', commands: [
    { atUs: 30_000_000, command: { type: 'stop-component', address: 'control-plane-1/kube-scheduler' } },
    { atUs: 40_000_000, command: { type: 'start-component', address: 'control-plane-1/kube-scheduler' } },
    { atUs: 100_000_000, command: { type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'nobody' } },
  ] } });
  const marks = (): readonly Mark[] => heard.findLast((message) => message.type === 'frame' && message.marks !== undefined) as never;
  const leaders = (): readonly Mark[] => ((marks() as unknown as { readonly marks: readonly Mark[] }).marks).filter(({ kind }) => kind === 'leader');
  session.receive({ type: 'know', throughUs: 39_000_000, untilNews: false, limitUs: 39_000_000 });
  expect(leaders()).toEqual([]);
  session.receive({ type: 'know', throughUs: 99_000_000, untilNews: false, limitUs: 99_000_000 });
  expect(leaders().map(({ text }) => text)).toEqual(['kube-scheduler led by control-plane-1']);
  expect(leaders()[0]!.atUs).toBeGreaterThan(40_000_000);

  session.receive({ type: 'know', throughUs: 200_000_000, untilNews: false, limitUs: 200_000_000 });
  const losses = (fromUs: number, toUs: number): unknown => {
    session.receive({ type: 'query', id: 1, atUs: Number.MAX_SAFE_INTEGER, query: { type: 'losses', fromUs, toUs } });
    return heard.findLast((message) => message.type === 'answer')?.answer;
  };
  expect(losses(50_000_000, 99_000_000)).toEqual({ type: 'losses', lost: 0, refused: 0 });
  expect(losses(99_000_000, 200_000_000)).toEqual({ type: 'losses', lost: 0, refused: 1 });
});
