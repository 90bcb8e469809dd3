import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mark } from '../../session/port/protocol.ts';
import { labelPx, placeMarks } from './mark-labels.ts';

const mark = (kind: Mark['kind'], text: string, atUs: number): Mark => ({ kind, text, atUs, recordId: -1 });

test('the name of what the user did wins over what followed from it', () => {
  const named = placeMarks([mark('fault', 'kill worker-1', 100), mark('failure', 'worker-1 NotReady', 110), mark('healed', 'web 3/3', 120)], (at) => at, 800).filter(({ left }) => left !== undefined).map((each) => each.mark.text);
  expect(named).toContain('kill worker-1');
});

test('a name without room on the right of its line stands on the left of it', () => {
  const [, late] = placeMarks([mark('start', 'start', 0), mark('fault', 'kill worker-1', 390)], (at) => at, 400);
  expect(late!.left! + labelPx('kill worker-1')).toBeLessThanOrEqual(400);
});

test('no two names overlap, and none leaves the ruler', () => {
  const kinds = fc.constantFrom<Mark['kind']>('start', 'command', 'fault', 'failure', 'healed');
  fc.assert(fc.property(fc.array(fc.tuple(kinds, fc.string({ minLength: 1, maxLength: 30 }), fc.nat(1000)), { maxLength: 30 }), (all) => {
    const names = placeMarks(all.map(([kind, text, at]) => mark(kind, text, at)), (at) => at, 1000).filter(({ left }) => left !== undefined).map((each) => [each.left!, each.left! + labelPx(each.mark.text)] as const).sort((a, b) => a[0] - b[0]);
    names.forEach(([from, to], index) => {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(1000);
      if (index > 0) expect(from).toBeGreaterThanOrEqual(names[index - 1]![1]);
    });
  }));
});
