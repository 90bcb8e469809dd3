import { expect, test } from 'vitest';
import type { CausalSpan } from '../session/port/causality.ts';
import { towardsCause, towardsEffect } from './by-cause.ts';

const span = (id: number, parentId: number, what: CausalSpan['what'] = 'message'): CausalSpan =>
  ({ id, parentId, what, atUs: id * 10, endUs: id * 10 + 5, from: 'a', to: 'b', title: '', sentence: '', kind: 'request', ok: true, background: false });

/** A command, its request, a note about it, two answers to it: 5 is a dead end, 6 goes on by way of a timer. */
const spans = [span(1, -1, 'command'), span(2, 1), span(3, 2, 'note'), span(4, 3), span(5, 2), span(6, 2), span(7, 6, 'timer'), span(8, 7), span(9, 8)];

test.each([[9, 8], [8, 6], [4, 2], [2, 1], [1, undefined], [99, undefined]])('what led to %d is %s', (from, to) => expect(towardsCause(spans, from)?.recordId).toBe(to));

test.each([[1, 2], [2, 6], [6, 8], [8, 9], [9, undefined], [5, undefined]])('what %d led to is %s: the one of which most came', (from, to) => expect(towardsEffect(spans, from)?.recordId).toBe(to));

test('the way back is the way that was come', () => {
  expect(towardsEffect(spans, 2, 5)?.recordId).toBe(5);
  expect(towardsEffect(spans, 2, 4)).toEqual({ recordId: 4, atUs: 40 });
  expect(towardsEffect(spans, 2, 77)?.recordId).toBe(6);
});

test('a timer is gone to where it all began with it', () => expect(towardsCause([span(1, -1, 'timer'), span(2, 1)], 2)?.recordId).toBe(1));
