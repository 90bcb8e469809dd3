import { describe, expect, test } from 'vitest';
import type { Frame, RowChange } from '../session/port/protocol.ts';
import type { HostRow, MessageRow, NodeRow } from '../session/port/rows.ts';
import { isNews, KnownWindow } from './known-window.ts';
import { MessageIndex } from './message-index.ts';
import { layRuler, mergeSpans, momentAt, placeOf } from './ruler.ts';

const host = (name: string, powered = true): HostRow => ({ type: 'host', name, where: 'node', powered, partitioned: false, slowUs: 0 });
const change = (atUs: number, key: string, row: RowChange['row']): RowChange => ({ atUs, key, row });
const frame = (more: Partial<Frame>): Frame => ({ type: 'frame', branch: 1, whole: false, fromUs: 0, toUs: 0, complete: true, rows: [], messages: [], log: [], horizonUs: 0, steps: 0, hash: '', ...more });
const message = (id: number, sentAtUs: number, arrivesAtUs: number, background = false): MessageRow => ({ id, from: 'a/x', to: 'b/y', kind: 'request', label: '', sentAtUs, arrivesAtUs, background, lost: false, ok: true });

const window = (): KnownWindow => {
  const known = new KnownWindow();
  known.take(frame({ whole: true, fromUs: 10, toUs: 10, rows: [change(4, 'a', host('a')), change(6, 'b', host('b'))] }));
  known.take(frame({ fromUs: 10, toUs: 40, rows: [change(20, 'a', host('a', false)), change(30, 'b', null), change(30, 'c', host('c'))] }));
  return known;
};

describe('rows at the playhead', () => {
  test.each([
    [10, { a: true, b: true }],
    [19, { a: true, b: true }],
    [20, { a: false, b: true }],
    [30, { a: false, c: true }],
    [40, { a: false, c: true }],
  ])('at %i, wherever one comes from', (at, expected) => {
    for (const from of [10, 20, 30, 40]) {
      const known = window();
      known.moveTo(from);
      known.moveTo(at);
      expect(Object.fromEntries(Object.entries(known.rows).map(([key, row]) => [key, (row as HostRow).powered]))).toEqual(expected);
    }
  });

  test('stay the same object while nothing changes', () => {
    const known = window();
    known.moveTo(20);
    const rows = known.rows;
    known.moveTo(29);
    expect(known.rows).toBe(rows);
  });

  test('frames that do not continue what is known are refused', () => {
    const known = window();
    expect(known.take(frame({ fromUs: 50, toUs: 60 }))).toBe(false);
    expect(known.take(frame({ branch: 0, fromUs: 40, toUs: 60 }))).toBe(false);
    expect(known.toUs).toBe(40);
  });

  test('a whole frame forgets the old future', () => {
    const known = window();
    known.moveTo(40);
    known.take(frame({ whole: true, branch: 2, fromUs: 15, toUs: 15, rows: [change(4, 'a', host('a'))] }));
    expect(Object.keys(known.rows)).toEqual(['a']);
    expect(known.toUs).toBe(15);
  });
});

describe('stepping', () => {
  const known = window();
  known.take(frame({ fromUs: 40, toUs: 90, messages: [message(1, 50, 60), message(2, 52, 62), message(3, 54, 70, true), message(4, 80, 90)] }));
  test.each([
    ['message', 1, 40, 55], ['message', 1, 55, 57], ['message', 1, 57, 85], ['message', 1, 85, undefined],
    ['message', -1, 85, 57], ['message', -1, 56, 55], ['message', -1, 55, undefined],
    ['change', 1, 10, 20], ['change', 1, 20, 30], ['change', 1, 30, undefined], ['change', -1, 30, 20],
  ] as const)('to the %s %i from %i', (what, direction, from, to) => expect(known.neighbour(what, direction, from)).toBe(to));

  const node = (more: Partial<NodeRow>): NodeRow => ({ type: 'node', apiVersion: 'v1', kind: 'Node', namespace: '', name: 'n', uid: '', resourceVersion: '1', createdAtUs: 0, deleting: false, labels: {}, ready: 'True', unschedulable: false, taints: [], cpuMillis: 1, memoryBytes: 1, pods: 1, leaseRenewedAtUs: 0, ...more });
  test.each([
    ['a renewed lease', node({}), node({ leaseRenewedAtUs: 9, resourceVersion: '2' }), false],
    ['a node that is not ready', node({}), node({ ready: 'Unknown' }), true],
    ['a taint', node({}), node({ taints: ['x:NoSchedule'] }), true],
    ['something new', undefined, host('a'), true],
    ['something gone', host('a'), null, true],
  ] as const)('%s: news?', (_, before, after, expected) => expect(isNews(before, after)).toBe(expected));
});

describe('messages under way', () => {
  const messages = [message(1, 0, 100), message(2, 10, 20), message(3, 15, 5_000_000), message(4, 30, 40)];
  test.each([[0, [1]], [10, [1, 2]], [15, [1, 2, 3]], [20, [1, 3]], [35, [1, 3, 4]], [100, [3]], [5_000_000, []]])('at %i', (at, ids) => {
    for (const batches of [[messages], messages.map((each) => [each]), [...messages].reverse().map((each) => [each])]) {
      const index = new MessageIndex();
      for (const batch of batches) index.add(batch);
      expect(index.inFlight(at).map((each) => each.id).sort()).toEqual(ids);
    }
  });
});

describe('the shortest hop under way', () => {
  const messages = [message(1, 0, 100), message(2, 10, 20), message(3, 12, 15, true), message(4, 30, 2_000_000), message(5, 40, 45)];
  test.each([[-1, Infinity], [0, 100], [10, 10], [13, 10], [20, 100], [41, 5], [45, 100], [100, 1_999_970], [2_000_000, Infinity]])('at %i is %d, also when asked before all was known', (at, expected) => {
    for (const batches of [[messages], messages.map((each) => [each]), [...messages].reverse().map((each) => [each])]) {
      const index = new MessageIndex();
      for (const batch of batches) {
        index.add(batch);
        for (const early of [0, 10, 30, 41, at]) index.shortestHop(early);
      }
      expect(index.shortestHop(at)).toBe(expected);
    }
  });
});

describe('an hour of it', () => {
  const secondUs = 1_000_000;
  /** One message and one change a second, and a line: the playhead follows. */
  const played = (seconds: number, most: number): KnownWindow => {
    const known = new KnownWindow();
    known.take(frame({ whole: true, rows: [change(0, 'a', host('0'))] }));
    for (let at = 0; at < seconds; at += 1) {
      const [fromUs, toUs] = [at * secondUs, (at + 1) * secondUs];
      known.take(frame({ fromUs, toUs, messages: [message(at, fromUs + 10, fromUs + 1_000)], rows: [change(toUs, 'a', host(String(at + 1)))], log: [{ id: at, atUs: toUs, kind: 'note', text: '', recordId: at, ok: true }] }));
      known.moveTo(toUs);
      known.trim(toUs, most);
    }
    return known;
  };

  test.each([[50, 100, 0, 50], [250, 100, 100, 150], [3_600, 100, 3_400, 200]])('after %i s with at least %i kept, what is known begins at %i s or later and holds at most %i messages', (seconds, most, fromSeconds, held) => {
    const known = played(seconds, most);
    expect(known.fromUs).toBeGreaterThanOrEqual(fromSeconds * secondUs);
    expect(known.messages.size).toBeLessThanOrEqual(held);
    expect(known.messages.size).toBeGreaterThanOrEqual(Math.min(seconds, most));
    expect(known.log.length).toBeLessThanOrEqual(2_000);
  });

  test('what is kept is as it was', () => {
    const [short, long] = [played(300, 100), played(300, 1_000)];
    expect(short.fromUs).toBeGreaterThan(long.fromUs);
    for (let at = 300; at * secondUs >= short.fromUs; at -= 1) {
      short.moveTo(at * secondUs);
      long.moveTo(at * secondUs);
      expect(short.rows).toEqual(long.rows);
      expect(short.inFlight(at * secondUs + 500)).toEqual(long.inFlight(at * secondUs + 500));
    }
    for (let at = 300; (at - 2) * secondUs >= short.fromUs; at -= 1) {
      for (const what of ['message', 'change'] as const) expect(short.neighbour(what, -1, at * secondUs)).toBe(long.neighbour(what, -1, at * secondUs));
    }
    expect(short.take(frame({ fromUs: 300 * secondUs, toUs: 301 * secondUs }))).toBe(true);
  });
});

describe('the ruler', () => {
  const ruler = layRuler([[0, 2_000_000], [362_000_000, 365_000_000]], [], 0, 365_000_000, 0.1);
  test('folds a quiet stretch to its width', () => {
    const folds = ruler.parts.filter((part) => part.folded);
    expect(folds.map((part) => [part.fromUs, part.toUs])).toEqual([[2_000_000, 362_000_000]]);
    expect(folds[0]!.width).toBeCloseTo(0.1);
  });
  test.each([0, 1_000_000, 2_000_000, 100_000_000, 362_000_000, 364_000_000, 365_000_000])('finds %i again where it put it', (at) => expect(Math.abs(momentAt(ruler, placeOf(ruler, at)) - at)).toBeLessThan(1_000));
  test('joins stretches that nearly touch', () => expect(mergeSpans([[0, 1]], [[2_000_000, 3_000_000], [9_000_000, 9_000_001]])).toEqual([[0, 3_000_000], [9_000_000, 9_000_001]]));
});
