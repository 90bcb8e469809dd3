import { useCallback, useEffect, useState } from 'react';
import type { CausalityAnswer, CausalSpan } from '../../session/port/causality.ts';
import { clockText, durationText } from '../../store/words.ts';
import { download } from '../actions/download.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import css from './causality.module.css';
import { mermaidOf } from './mermaid.ts';
import { otlpOf } from './otlp.ts';
import { SpanTree } from './span-tree.tsx';
import { spotlightOf } from './spotlight-of.ts';
import { Waterfall } from './waterfall.tsx';

/** Asks what led to a record and what came of it; again where time stands still later than before. What was found stays while one looks back. */
function useCausality(recordId: number): CausalityAnswer | string | undefined {
  const { query } = useActions();
  const session = useSession();
  const branch = useApp((state) => state.branch);
  const still = useApp((state) => (state.playing || state.phase !== 'ready' ? -1 : Math.floor(state.playheadUs)));
  const [found, setFound] = useState<{ readonly of: string; readonly atUs: number; readonly answer: CausalityAnswer | string }>();
  const of = `${branch} ${recordId}`;
  const known = found?.of === of ? found : undefined;
  const due = known === undefined || still > known.atUs;
  useEffect(() => {
    if (!due) return undefined;
    let wanted = true;
    const atUs = Math.floor(session.getState().playheadUs);
    void query({ type: 'causality', recordId }).then((answer) => {
      if (wanted && (answer.type === 'causality' || answer.type === 'nothing')) setFound({ of, atUs, answer: answer.type === 'causality' ? answer : answer.text });
    });
    return () => { wanted = false; };
  }, [due, of, still, recordId, query, session]);
  return known?.answer;
}

/** What led to a record, back to the user, and all that came of it: as a waterfall and as a list. */
export default function CausalityPage({ recordId, picked }: { readonly recordId: number; readonly picked: number }) {
  const answer = useCausality(recordId);
  const { select } = useActions();
  const onPick = useCallback((id: number) => select({ type: 'record', recordId: id, chainOf: recordId }, true), [select, recordId]);
  if (answer === undefined) return <p className={css.dim}>Looking…</p>;
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  const shown = answer.spans.find(({ id }) => id === picked) ?? answer.spans.find(({ id }) => id === recordId)!;
  return (
    <div className={css.wide} data-wide>
      <Lead answer={answer} />
      <Offers answer={answer} />
      <Waterfall spans={answer.spans} picked={shown.id} onPick={onPick} />
      <Picked span={shown} recordId={recordId} />
      <SpanTree spans={answer.spans} picked={shown.id} onPick={onPick} />
    </div>
  );
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

function Lead({ answer: { spans, recordId, leftOut } }: { readonly answer: CausalityAnswer }) {
  const steps = spans.filter(({ id }) => id < recordId).length;
  const after = spans.length - steps - 1;
  const [first, asked] = [spans[0]!, spans.find(({ id }) => id === recordId)!];
  const lasts = spans.reduce((latest, { endUs }) => Math.max(latest, endUs), 0) - first.atUs;
  return (
    <div>
      <p className={css.lead}>{steps > 0 ? <><b>{asked.sentence}</b>, {count(steps, 'step', 'steps')} after “{first.title}”.</> : <b>{asked.sentence}</b>}</p>
      <p className={css.dim}>
        {after === 0 ? 'Nothing has come of it yet.' : `${count(after, 'thing', 'things')} came of it.`} {durationText(lasts)} from first to last.
        {leftOut.news > 0 && ` ${count(leftOut.news, 'more is', 'more are')} not shown.`}
        {leftOut.background > 0 && ` Heartbeats and polls (${leftOut.background}) are left out.`}
      </p>
    </div>
  );
}

function Offers({ answer }: { readonly answer: CausalityAnswer }) {
  const { look, select, setInspecting } = useActions();
  const session = useSession();
  const lit = useApp((state) => state.view.spotlight?.of?.selection.type === 'record' && state.view.spotlight.of.selection.recordId === answer.recordId);
  const root = answer.spans[0]!;
  const light = (): void => {
    look({ spotlight: lit ? null : spotlightOf(answer) });
    // Where the inspector lies over the stage it makes room for what is lit.
    if (!lit && !window.matchMedia('(min-width: 1500px)').matches) setInspecting(false);
  };
  return (
    <div className={css.offers}>
      <Button look="loud" aria-pressed={lit} onClick={light}>{lit ? 'Clear the light' : 'Light it on the stage'}</Button>
      {root.id !== answer.recordId && <Button onClick={() => select({ type: 'record', recordId: root.id, chainOf: root.id }, true)}>All that came of “{root.title}”</Button>}
      <Button onClick={() => download(`causality-${answer.recordId}.mmd`, mermaidOf(answer), 'text/vnd.mermaid')}>Sequence diagram (Mermaid)</Button>
      <Button onClick={() => download(`causality-${answer.recordId}.otlp.json`, `${JSON.stringify(otlpOf(answer, session.getState().recording), null, 1)}\n`, 'application/json')}>Trace (OpenTelemetry)</Button>
    </div>
  );
}

function Picked({ span, recordId }: { readonly span: CausalSpan; readonly recordId: number }) {
  const { scrub, select, pause } = useActions();
  return (
    <section className={css.card} aria-label="Selected step">
      <h3>{span.title}</h3>
      <p>{span.sentence}{span.ok ? '' : ' — failed'}</p>
      <p className={css.dim}>{span.from}{span.to !== span.from && ` → ${span.to}`} · {clockText(span.atUs)}{span.endUs > span.atUs && `, ${durationText(span.endUs - span.atUs)} long`}</p>
      <div className={css.offers}>
        <Button onClick={() => select({ type: 'record', recordId: span.id }, true)}>Open in full</Button>
        <Button onClick={() => { pause(); scrub(span.atUs); }}>Go to this moment</Button>
        {span.id !== recordId && <Button onClick={() => select({ type: 'record', recordId: span.id, chainOf: span.id }, true)}>Its own chain</Button>}
      </div>
    </section>
  );
}
