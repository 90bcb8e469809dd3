import { describe, expect, test } from 'vitest';
import type { CausalSpan } from '../port/causality.ts';
import { foldCauses, foldSpans } from './repeated-timers.ts';

const span = (id: number, parentId: number, title: string, what: CausalSpan['what'] = 'timer', from = 'a/manager'): CausalSpan =>
  ({ id, parentId, title, what, from, to: from, sentence: `the timer “${title}” fires`, atUs: id - 1, endUs: id, kind: 'note', ok: true, background: false });
const told = (spans: readonly CausalSpan[], recordId = 1): string => foldSpans(spans, recordId).map(({ id, parentId, title, atUs }) => `${id}<${parentId} ${title} ${atUs}`).join(', ');

describe('timers that fire again and again', () => {
  const start = span(1, -1, 'begin', 'command');
  test.each<[string, readonly CausalSpan[], string, number?]>([
    ['are told once, from when the first was set', [start, span(2, 1, 'queue'), span(3, 2, 'queue'), span(4, 3, 'queue'), span(5, 4, 'PATCH', 'message')], '1<-1 begin 0, 4<1 queue ×3 1, 5<4 PATCH 4'],
    ['not where something else came of one of them', [start, span(2, 1, 'queue'), span(3, 2, 'PATCH', 'message'), span(4, 2, 'queue')], '1<-1 begin 0, 2<1 queue 1, 3<2 PATCH 2, 4<2 queue 3'],
    ['not of two programs', [start, span(2, 1, 'queue'), span(3, 2, 'queue', 'timer', 'b/manager')], '1<-1 begin 0, 2<1 queue 1, 3<2 queue 2'],
    ['not two timers of one program', [start, span(2, 1, 'queue'), span(3, 2, 'retry')], '1<-1 begin 0, 2<1 queue 1, 3<2 retry 2'],
    ['the one asked about is not hidden in a later one', [start, span(2, 1, 'queue'), span(3, 2, 'queue'), span(4, 3, 'queue')], '1<-1 begin 0, 3<1 queue ×2 1, 4<3 queue 3', 3],
    ['other things of one name are several things', [start, span(2, 1, 'GET', 'message'), span(3, 2, 'GET', 'message')], '1<-1 begin 0, 2<1 GET 1, 3<2 GET 2'],
  ])('%s', (_, spans, expected, recordId) => expect(told(spans, recordId)).toBe(expected));

  test('in a list of causes, too, nearest first', () => {
    const view = ({ id, title, what, from, to, sentence, kind }: CausalSpan) => ({ id, atUs: id, title, what, from, to, sentence, kind });
    expect(foldCauses([span(4, 3, 'queue'), span(3, 2, 'queue'), span(2, 1, 'GET', 'message'), start].map(view)).map(({ id, sentence }) => `${id} ${sentence}`))
      .toEqual(['4 the timer “queue” fires 2 times in a row', '2 the timer “GET” fires', '1 the timer “begin” fires']);
  });
});
