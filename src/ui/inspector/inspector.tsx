import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Query } from '../../session/port/protocol.ts';
import type { Selection } from '../../store/state.ts';
import { isOnStage } from '../../store/stored-objects.ts';
import { offersFor } from '../canvas/actions-for.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { ComponentPage } from './component/component-page.tsx';
import css from './inspector.module.css';
import { ObjectPage } from './object/object-page.tsx';
import { pagesOf } from './pages.tsx';
import { Tabs } from './parts/tabs.tsx';
import { useAnswer } from './parts/use-answer.ts';
import { RecordPage } from './record-page.tsx';
import { StoredPage } from './stored-page.tsx';
import { WhyBox } from './why/why-box.tsx';

const CausalityPage = lazy(() => import('../causality/causality-page.tsx'));

type Asked = Exclude<Selection, { readonly type: 'stored' }>;

const queryOf = (selection: Asked): Query =>
  selection.type === 'record' ? { type: 'record', recordId: selection.recordId }
    : selection.type === 'component' ? { type: 'component', address: selection.address }
      : { type: 'object', apiVersion: selection.apiVersion, kind: selection.kind, namespace: selection.namespace, name: selection.name };

const rowKeyOf = (selection: Asked): string | undefined => (selection.type === 'component' ? `component/${selection.address}` : selection.type === 'object' ? selection.key : undefined);

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

interface FrameProps { readonly title: string; /** Whether it wants room for tables; where left out, it can not be made wider. */ readonly wantsRoom?: boolean; readonly children: ReactNode }

function Frame({ title, wantsRoom, children }: FrameProps) {
  const { setInspecting } = useActions();
  const [chosen, setChosen] = useState<{ readonly wanted: boolean; readonly wide: boolean }>();
  // The reader's choice holds until the next page wants something else.
  const wide = chosen !== undefined && chosen.wanted === wantsRoom ? chosen.wide : wantsRoom === true;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (wide) dataset['inspector'] = 'wide';
    return () => { delete dataset['inspector']; };
  }, [wide]);
  useEffect(() => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(([entry]) => style.setProperty('--inspector', `${Math.round(entry!.borderBoxSize[0]!.inlineSize)}px`));
    observer.observe(panel.current!);
    return () => { observer.disconnect(); style.removeProperty('--inspector'); };
  }, []);
  return (
    <section ref={panel} className={css.panel} aria-label="Inspector" {...(wide && { 'data-wide': 'tables' })}>
      <header className={css.head}>
        <h2>{title}</h2>
        <div className={css.headButtons}>
          {wantsRoom !== undefined && <Button look="quiet" className={css.wider} aria-pressed={wide} onClick={() => setChosen({ wanted: wantsRoom, wide: !wide })}>{wide ? 'Narrower' : 'Wider'}</Button>}
          <Button look="quiet" aria-label="Close the inspector" onClick={() => setInspecting(false)}>✕</Button>
        </div>
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
  const answer = useAnswer(queryOf(selection), rowKeyOf(selection));
  // Kept while one goes from thing to thing: whoever reads histories goes on reading them.
  const [tab, setTab] = useState('now');
  const pages = pagesOf(selection);
  const page = pages.find(({ id }) => id === tab);
  const first = (
    <>
      <Offers selection={selection} />
      <WhyBox selection={selection} />
      {answer === undefined && <p className={css.dim}>Looking…</p>}
      {answer?.type === 'nothing' && <p className={css.dim}>{answer.text}</p>}
      {answer?.type === 'object' && <ObjectPage answer={answer} />}
      {answer?.type === 'record' && <RecordPage answer={answer} />}
      {answer?.type === 'component' && <ComponentPage answer={answer} />}
    </>
  );
  return (
    <Frame title={answer?.type === 'record' ? answer.record.title : titleOf(selection)} wantsRoom={page?.wide ?? false}>
      {pages.length === 0 ? first : (
        <Tabs label="What to know of it" tabs={[{ id: 'now', label: 'Now' }, ...pages]} chosen={page?.id ?? 'now'} choose={setTab}>{page?.content ?? first}</Tabs>
      )}
    </Frame>
  );
}
