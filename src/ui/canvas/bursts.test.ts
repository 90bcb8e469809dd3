import { describe, expect, test } from 'vitest';
import type { MessageRow } from '../../session/port/rows.ts';
import { burstsOf, labelBudget } from './bursts.ts';
import { loudnessOf } from './loudness.ts';
import type { Listening } from './loudness.ts';

let nextId = 1;
const message = (over: Partial<MessageRow> = {}): MessageRow => ({ id: nextId++, from: 'cp/api', to: 'w1/kubelet', kind: 'watch', label: 'ADDED Pod/web', sentAtUs: 0, arrivesAtUs: 1000, background: false, lost: false, ok: true, ...over });
const many = (count: number, over: (index: number) => Partial<MessageRow> = () => ({})): MessageRow[] => Array.from({ length: count }, (_, index) => message(over(index)));
/** Virtual time per wall time at which a hop of 1 ms is seen for so long. */
const seenFor = (ms: number): number => 1 / ms;

describe('bursts', () => {
  test.each<[string, MessageRow[], number, number, readonly string[]]>([
    ['few are drawn one by one', many(5), seenFor(450), 5, []],
    ['many become one flow', many(6), seenFor(450), 0, ['6 × ADDED']],
    ['the same few, faster', many(4), seenFor(200), 0, ['4 × ADDED']],
    ['the same few, faster still', many(3), seenFor(50), 0, ['3 × ADDED']],
    ['while time stands, as at rest', many(5), 0, 5, []],
    ['two directions are two', [...many(3), ...many(3, () => ({ from: 'w1/kubelet', to: 'cp/api' }))], seenFor(450), 6, []],
    ['two kinds are two', [...many(6), ...many(6, () => ({ kind: 'response', label: '200' }))], seenFor(450), 0, ['6 × ADDED', '6 × 200']],
    ['failures are not hidden among successes', [...many(6), message({ ok: false })], seenFor(450), 1, ['6 × ADDED']],
    ['what is lost stays alone', many(6, () => ({ lost: true })), seenFor(450), 6, []],
    ['different words are named by their kind', many(6, (index) => ({ label: index % 2 === 0 ? 'ADDED Pod/a' : 'MODIFIED Pod/a' })), seenFor(450), 0, ['6 × watch events']],
    ['two stretches are two', many(12, (index) => (index < 6 ? { sentAtUs: 0, arrivesAtUs: 550 } : { sentAtUs: 400, arrivesAtUs: 1400 })), 0, 0, ['6 × ADDED', '6 × ADDED']],
  ])('%s', (_, messages, rate, singles, flows) => {
    const found = burstsOf(messages, 500, rate);
    expect(found.singles.length).toBe(singles);
    expect(found.flows.map((flow) => flow.label).sort()).toEqual([...flows].sort());
    expect(found.singles.length + found.flows.reduce((sum, flow) => sum + flow.messages.length, 0)).toBe(messages.length);
  });

  test('a flow reaches from its last message to its first', () => {
    const [flow] = burstsOf(many(6, (index) => ({ sentAtUs: index * 50, arrivesAtUs: 1000 + index * 50 })), 500, 0).flows;
    expect([flow?.fromShare, flow?.toShare]).toEqual([0.25, 0.5]);
  });
});

test.each([[0, 10], [seenFor(450), 10], [seenFor(225), 5], [seenFor(100), 2], [seenFor(79), 0], [40, 0]])('at rate %f there are %i labels', (rate, labels) => expect(labelBudget([message()], rate)).toBe(labels));

describe('loudness', () => {
  const usual: Listening = { chatter: true, spotlight: null, rate: 0 };
  const lit = { title: 'what led to it', keys: new Set<string>(), records: new Set([7]) };
  test.each<[string, Partial<MessageRow>, Partial<Listening>, string]>([
    ['news', {}, {}, 'loud'],
    ['a heartbeat', { background: true }, {}, 'faint'],
    ['a heartbeat while time flies', { background: true }, { rate: 31 }, 'hidden'],
    ['a heartbeat that nobody wants to see', { background: true }, { chatter: false }, 'hidden'],
    ['news beside what is lit', { id: 8 }, { spotlight: lit }, 'faint'],
    ['what is lit', { id: 7 }, { spotlight: lit }, 'loud'],
    ['a heartbeat that is lit', { id: 7, background: true }, { spotlight: lit, chatter: false }, 'loud'],
    ['news of the followed Pod', { label: 'ADDED Pod/web-1' }, { followed: { name: 'web-1', node: '' } }, 'loud'],
    ['news of another', { label: 'ADDED Pod/web-2' }, { followed: { name: 'web-1', node: 'w1' } }, 'faint'],
    ['its node calls the runtime', { kind: 'cri', label: 'StartContainer', from: 'w1/kubelet' }, { followed: { name: 'web-1', node: 'w1' } }, 'loud'],
    ['another node does', { kind: 'cri', label: 'StartContainer', from: 'w11/kubelet' }, { followed: { name: 'web-1', node: 'w1' } }, 'faint'],
  ])('%s', (_, row, listening, expected) => expect(loudnessOf(message(row), { ...usual, ...listening })).toBe(expected));
});
