import { useEffect, useState } from 'react';
import type { Evidence, Remedy, WhyAnswer } from '../../../session/port/why.ts';
import type { Rows } from '../../../store/known-window.ts';
import type { Selection } from '../../../store/state.ts';
import { Button, classes } from '../../design/parts.tsx';
import { useActions, useApp, useSession } from '../../shell/app-store.ts';
import css from './why.module.css';

type Thing = Extract<Selection, { readonly type: 'object' }>;

const kinds = new Set(['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'Node', 'Service']);
const askAgainMs = 400;

/** Asks why; again when the thing has changed, or time stands still at another moment. */
function useWhy({ key, apiVersion, kind, namespace, name }: Thing): WhyAnswer | undefined {
  const { query } = useActions();
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: WhyAnswer | undefined }>();
  const row = useApp((state) => state.rows[key]);
  const still = useApp((state) => (state.playing || state.phase !== 'ready' ? -1 : `${state.branch} ${Math.floor(state.playheadUs)}`));
  useEffect(() => {
    let wanted = true;
    const ask = (): void => void query({ type: 'why', apiVersion, kind, namespace, name }).then((next) => { if (wanted) setAnswer({ key, answer: next.type === 'why' ? next : undefined }); });
    const timer = setTimeout(ask, answer?.key === key ? askAgainMs : 0);
    return () => { wanted = false; clearTimeout(timer); };
    // eslint-disable-next-line react/exhaustive-deps -- an answer is no reason to ask again
  }, [key, row, still, query, apiVersion, kind, namespace, name]);
  return answer?.key === key ? answer.answer : undefined;
}

const tones = { good: ['●', 'As it should be'], waiting: ['◐', 'It goes on by itself'], bad: ['▲', 'Something is in the way'] } as const;

/** Why the thing is as it is, what shows it, and what would help. */
export function WhyBox({ selection }: { readonly selection: Selection }) {
  return selection.type === 'object' && kinds.has(selection.kind) ? <Why thing={selection} /> : null;
}

function Why({ thing }: { readonly thing: Thing }) {
  const answer = useWhy(thing);
  if (answer === undefined) return null;
  const [sign, word] = tones[answer.tone];
  return (
    <section className={classes(css.why, css[answer.tone])} aria-label="Why?">
      <h3><span aria-hidden="true">{sign}</span> Why? <small>{word}</small></h3>
      <p className={css.verdict}>{answer.verdict}</p>
      {answer.remedies.length > 0 && <WhatIf remedies={answer.remedies} />}
      {answer.evidence.length > 0 && (
        <details className={css.shown} open={answer.tone !== 'good'}>
          <summary>What shows it</summary>
          <ul>{answer.evidence.map((each, index) => <li key={index}><Shown evidence={each} /></li>)}</ul>
        </details>
      )}
    </section>
  );
}

/** One piece of evidence: a door to its record, or to the thing. */
function Shown({ evidence: { text, recordId, key } }: { readonly evidence: Evidence }) {
  const { select } = useActions();
  const session = useSession();
  const door = recordId !== undefined ? { type: 'record', recordId } as const : key === undefined ? undefined : selectionOf(key, session.getState().rows);
  return door === undefined ? <span>{text}</span> : <button type="button" onClick={() => select(door, true)}>{text}</button>;
}

function selectionOf(key: string, rows: Rows): Selection | undefined {
  const row = rows[key];
  if (row === undefined) return undefined;
  if (row.type === 'component') return { type: 'component', address: row.address };
  return 'apiVersion' in row ? { type: 'object', key, apiVersion: row.apiVersion, kind: row.kind, namespace: row.namespace, name: row.name } : undefined;
}

function WhatIf({ remedies }: { readonly remedies: readonly Remedy[] }) {
  const { dispatch } = useActions();
  const past = useApp((state) => (state.recording.commands.some(({ atUs }) => atUs > state.playheadUs) ? 'acted' : state.playheadUs < state.seenUs ? 'seen' : 'now'));
  return (
    <div className={css.remedies}>
      <h4>What if…</h4>
      {past !== 'now' && (
        <p className={css.past}>{past === 'acted' ? 'You look at the past and have acted after it: this begins another future, and the one you know is kept.' : 'You look at the past: from here on it goes another way than you have seen.'}</p>
      )}
      <ul>
        {remedies.map((remedy) => (
          <li key={remedy.title}><Button onClick={() => dispatch(remedy.command)}>{remedy.title}</Button><span>{remedy.explanation}</span></li>
        ))}
      </ul>
    </div>
  );
}
