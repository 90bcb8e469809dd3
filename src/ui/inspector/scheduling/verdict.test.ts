import { describe, expect, test } from 'vitest';
import type { NodeColumn, SchedulingAttempt } from '../../../session/port/scheduling.ts';
import { choiceInWords, filterVerdict, judge } from './verdict.ts';

const fits = (node: string, total: number): NodeColumn => ({ node, refusedBy: '', reasons: [], scores: [{ raw: total, normalized: total, weighted: total }], total });
const refused: NodeColumn = { node: 'cp', refusedBy: 'Taint', reasons: ['untolerated'], scores: [], total: 0 };
const attempt = (chosen: string, ...nodes: NodeColumn[]): SchedulingAttempt => ({
  recordId: 1, atUs: 0, chosen, message: '', filters: [{ plugin: 'Name', asked: false }, { plugin: 'Taint', asked: true }, { plugin: 'Fit', asked: true }],
  scores: nodes.some(({ scores }) => scores.length > 0) ? [{ plugin: 'Fit', weight: 1, normalizes: false }] : [], nodes, moreNodes: 0, excluded: 0, excludedBy: '',
});
const clear = attempt('a', fits('a', 90), fits('b', 80), refused);
const tie = attempt('a', fits('a', 90), fits('b', 90));
const alone = attempt('a', { ...fits('a', 0), scores: [] }, refused);
const nobody = attempt('', refused);

describe('which filter said what of which node', () => {
  test.each<[string, NodeColumn, string]>([
    ['Name', refused, 'nothing to check'], ['Taint', refused, 'refuses'], ['Fit', refused, 'not asked'], ['Taint', fits('a', 1), 'passes'], ['Fit', fits('a', 1), 'passes'],
  ])('%s', (plugin, column, verdict) => expect(filterVerdict(clear, column, plugin)).toBe(verdict));
});

test.each<[string, SchedulingAttempt, string]>([
  ['the best', clear, 'a has the highest total, 90; the next has 80.'],
  ['one of equals', tie, 'a, b have the highest total, 90; chance took a.'],
  ['the only one', alone, 'a is the only node that fits, so nothing had to be scored.'],
  ['nobody', nobody, 'No node was chosen.'],
])('%s is told in words', (_, of, words) => expect(choiceInWords(of)).toBe(words));

test.each<[string, SchedulingAttempt, string, boolean, RegExp]>([
  ['the right node', clear, 'a', true, /^Right: a has the highest total/],
  ['another', clear, 'b', false, /^Not b\. a has the highest total/],
  ['one that was refused', clear, 'cp', false, /^Not cp: Taint refuses it, “untolerated”\. a has/],
  ['an equal', tie, 'b', false, /^Nearly: b had as many points as a, and chance took the other/],
  ['none, rightly', nobody, '', true, /^Right: no node fits\.$/],
  ['none, wrongly', clear, '', false, /^Not so: it chose a\./],
])('a guess at %s', (_, of, guess, right, words) => {
  expect(judge(of, guess).right).toBe(right);
  expect(judge(of, guess).text).toMatch(words);
});
