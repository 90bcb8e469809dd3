import { describe, expect, test } from 'vitest';
import type { Answer, ControllerRequest } from '../controller.ts';
import { advance, ask, sideBySide, type Procedure, type Told } from './procedure.ts';

const get = (name: string): ControllerRequest => ({ verb: 'get', group: '', version: 'v1', resource: 'pods', name });
const answer = (code: number): Answer => ({ ok: code === 200, code, body: undefined });
const names = (asks: readonly ControllerRequest[] | undefined) => asks?.map(({ name }) => name);

function* both({ notes }: Told): Procedure<string> {
  notes.push({ name: 'a', text: 'first' });
  const first = yield* ask(get('first'));
  notes.push({ name: 'a', text: `first ${first.code}` });
  const second = yield* ask(get('second'));
  return `${first.code} ${second.code}`;
}

describe('a procedure', () => {
  test('asks, goes on from the answers it has, and ends', () => {
    const start = advance(both, []);
    expect([names(start.asks), start.notes.map(({ text }) => text)]).toEqual([['first'], ['first']]);
    const next = advance(both, [[answer(200)]]);
    expect([names(next.asks), next.notes.map(({ text }) => text)]).toEqual([['second'], ['first 200']]);
    expect(advance(both, [[answer(200)], [answer(404)]])).toMatchObject({ result: '200 404', notes: [] });
  });

  test('several go side by side: each hears its own answers, and those that are done wait for the rest', () => {
    function* steps(name: string, count: number): Procedure<string> {
      let said = name;
      for (let i = 0; i < count; i++) said += ` ${(yield* ask(get(`${name}${i}`))).code}`;
      return said;
    }
    const all = () => sideBySide([steps('a', 2), steps('b', 0), steps('c', 1)]);
    expect(names(advance(all, []).asks)).toEqual(['a0', 'c0']);
    expect(names(advance(all, [[answer(1), answer(2)]]).asks)).toEqual(['a1']);
    expect(advance(all, [[answer(1), answer(2)], [answer(3)]])).toMatchObject({ result: ['a 1 3', 'b', 'c 2'] });
  });
});
