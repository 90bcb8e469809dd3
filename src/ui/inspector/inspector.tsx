import { lazy, Suspense, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Query, QueryAnswer } from '../../session/port/protocol.ts';
import type { Selection } from '../../store/state.ts';
import { isOnStage } from '../../store/stored-objects.ts';
import { offersFor } from '../canvas/actions-for.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { ComponentPage } from './component-page.tsx';
import css from './inspector.module.css';
import { ObjectPage } from './object-page.tsx';
import { RecordPage } from './record-page.tsx';
import { StoredPage } from './stored-page.tsx';

const CausalityPage = lazy(() => import('../causality/causality-page.tsx'));

type Asked = Exclude<Selection, { readonly type: 'stored' }>;

const queryOf = (selection: Asked): Query =>
  selection.type === 'record' ? { type: 'record', recordId: selection.recordId }
    : selection.type === 'component' ? { type: 'component', address: selection.address }
      : { type: 'object', apiVersion: selection.apiVersion, kind: selection.kind, namespace: selection.namespace, name: selection.name };

const askAgainMs = 400;

/** Asks the world about what is selected; again when it has changed, but not at every frame. */
function useAnswer(selection: Asked): QueryAnswer | undefined {
  const { query } = useActions();
  const [answer, setAnswer] = useState<{ key: string; answer: QueryAnswer }>();
  const key = JSON.stringify(queryOf(selection));
  const row = useApp((state) => selection.type === 'component' ? state.rows[`component/${selection.address}`] : selection.type === 'object' ? state.rows[selection.key] : undefined);
  const still = useApp((state) => (state.playing || state.phase !== 'ready' ? -1 : Math.floor(state.playheadUs)));
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => void query(JSON.parse(key) as Query).then((next) => { if (wanted) setAnswer({ key, answer: next }); }), answer?.key === key ? askAgainMs : 0);
    return () => { wanted = false; clearTimeout(timer); };
    // eslint-disable-next-line react/exhaustive-deps -- an answer is no reason to ask again
  }, [key, row, still, query]);
  return answer?.key === key ? answer.answer : undefined;
}

/** Whatever is selected, in full. */
export default function Inspector() {
  const selection = useApp((state) => state.selection);
  if (selection === null) return null;
  if (selection.type === 'stored') return <Frame title="Everything stored"><StoredPage /></Frame>;
  if (selection.type !== 'record' || selection.chainOf === undefined) return <Open selection={selection} />;
  return <Frame title="Causes and effects"><Suspense fallback={<p className={css.dim}>Looking…</p>}><CausalityPage recordId={selection.chainOf} picked={selection.recordId} /></Suspense></Frame>;
}

const titleOf = (selection: Asked): string =>
  selection.type === 'record' ? 'Record' : selection.type === 'component' ? selection.address : `${selection.kind} ${selection.name}`;

function Frame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { setInspecting } = useActions();
  return (
    <section className={css.panel} aria-label="Inspector">
      <header className={css.head}>
        <h2>{title}</h2>
        <Button look="quiet" aria-label="Close the inspector" onClick={() => setInspecting(false)}>✕</Button>
      </header>
      <div className={css.body}>{children}</div>
    </section>
  );
}

/** What can be done to an object that has no place on the stage. */
function Offers({ selection }: { readonly selection: Asked }) {
  const offersKey = useApp((state) => {
    const row = selection.type === 'object' ? state.rows[selection.key] : undefined;
    return row === undefined || isOnStage(row) ? '[]' : JSON.stringify(offersFor(selection, state.rows));
  });
  const { dispatch, select } = useActions();
  const offers = JSON.parse(offersKey) as ReturnType<typeof offersFor>;
  if (selection.type !== 'object') return null;
  return (
    <p className={css.offers}>
      {offers.map((offer) => <Button key={offer.label} danger={offer.danger === true} onClick={() => dispatch(offer.command)}>{offer.label}</Button>)}
      <Button look="link" onClick={() => select({ type: 'stored' }, true)}>Everything stored</Button>
    </p>
  );
}

function Open({ selection }: { readonly selection: Asked }) {
  const answer = useAnswer(selection);
  return (
    <Frame title={answer?.type === 'record' ? answer.record.title : titleOf(selection)}>
      <Offers selection={selection} />
      {answer === undefined && <p className={css.dim}>Looking…</p>}
      {answer?.type === 'nothing' && <p className={css.dim}>{answer.text}</p>}
      {answer?.type === 'object' && <ObjectPage answer={answer} />}
      {answer?.type === 'record' && <RecordPage answer={answer} />}
      {answer?.type === 'component' && <ComponentPage answer={answer} />}
    </Frame>
  );
}
