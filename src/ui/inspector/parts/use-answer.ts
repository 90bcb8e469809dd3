import { useEffect, useRef, useState } from 'react';
import type { Query, QueryAnswer } from '../../../session/port/protocol.ts';
import { useActions, useApp } from '../../shell/app-store.ts';

const askAgainMs = 400;
const lookAgainMs = 1_000;

/** Asks the world; again when the row of that key has changed or the playhead was moved, but not at every frame. With `live`, also now and then while time passes. */
export function useAnswer(query: Query, rowKey?: string, live = false): QueryAnswer | undefined {
  const { query: ask } = useActions();
  const [answer, setAnswer] = useState<{ key: string; answer: QueryAnswer }>();
  const key = JSON.stringify(query);
  const row = useApp((state) => (rowKey === undefined ? undefined : state.rows[rowKey]));
  const still = useApp((state) => (state.playing || state.phase !== 'ready' ? -1 : Math.floor(state.playheadUs)));
  const passing = useApp((state) => live && state.playing && state.phase === 'ready');
  const askedMs = useRef(-Infinity);
  const wanted = useRef('');
  useEffect(() => {
    wanted.current = key;
    return () => { wanted.current = ''; };
  }, [key]);
  useEffect(() => {
    const look = (): void => {
      askedMs.current = performance.now();
      // What has changed again since it was asked about is still nearer to the truth than what is shown.
      void ask(JSON.parse(key) as Query).then((next) => { if (wanted.current === key) setAnswer({ key, answer: next }); });
    };
    const timer = setTimeout(look, answer?.key === key ? Math.max(0, askedMs.current + askAgainMs - performance.now()) : 0);
    const beat = passing ? setInterval(look, lookAgainMs) : undefined;
    return () => { clearTimeout(timer); clearInterval(beat); };
    // eslint-disable-next-line react/exhaustive-deps -- an answer is no reason to ask again
  }, [key, row, still, passing, ask]);
  return answer?.key === key ? answer.answer : undefined;
}

/** The answer of one type to a question of that type, or the sentence that says why there is none. */
export function useAnswerOf<T extends Query['type'] & QueryAnswer['type']>(query: Extract<Query, { readonly type: T }>, rowKey?: string, live = false): Extract<QueryAnswer, { readonly type: T }> | string | undefined {
  const answer = useAnswer(query, rowKey, live);
  if (answer === undefined) return undefined;
  return answer.type === query.type ? answer as Extract<QueryAnswer, { readonly type: T }> : answer.type === 'nothing' ? answer.text : undefined;
}
