import { Fragment, useState } from 'react';
import type { HistoryAnswer, RevisionView } from '../../../session/port/history.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { clockText } from '../../../store/words.ts';
import { Button, classes } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import { Breakable } from '../parts/breakable.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import { ChangeTable } from './change-table.tsx';
import { Diff } from './diff.tsx';
import css from './history.module.css';

interface Named { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }

/** Every stored revision of an object, newest first: who wrote it, and what it changed. */
export function HistoryPage({ apiVersion, kind, namespace, name }: Named) {
  const [open, setOpen] = useState<number>();
  const answer = useAnswerOf({ type: 'history', apiVersion, kind, namespace, name, ...(open !== undefined && { open }) }, objectKey(kind, namespace, name));
  const [last, setLast] = useState<HistoryAnswer>();
  // Opening a revision asks anew; meanwhile the list stays.
  if (typeof answer === 'object' && answer !== last) setLast(answer);
  const shown = typeof answer === 'object' ? answer : last;
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  if (shown === undefined) return <p className={css.dim}>Looking…</p>;
  const { revisions, older, compactedRevision } = shown;
  return (
    <>
      <p className={css.intro}>Each write that etcd stored, newest first. A revision number counts the writes of the whole cluster.</p>
      <ol className={css.revisions}>
        {revisions.map((revision, index) => (
          <Fragment key={revision.revision}>
            <Revision revision={revision} compacted={revision.revision < compactedRevision} open={open === revision.revision} toggle={() => setOpen(open === revision.revision ? undefined : revision.revision)} pair={shown.open?.revision === revision.revision ? shown.open : undefined} />
            {revisions[index + 1] !== undefined && revisions[index + 1]!.uid !== revision.uid && <li className={css.other}>Before this: another {kind} of the same name, with another uid</li>}
          </Fragment>
        ))}
      </ol>
      {older > 0 && <p className={css.dim}>and {older} older ones</p>}
    </>
  );
}

interface RevisionProps { readonly revision: RevisionView; readonly compacted: boolean; readonly open: boolean; readonly toggle: () => void; readonly pair: HistoryAnswer['open'] | undefined }

const mostPaths = 4;

/** Times and counters change along with what they belong to: that is told first. */
const tellingPaths = (changes: RevisionView['changes']): RevisionView['changes'] => {
  const follows = ({ path }: RevisionView['changes'][number]): number => Number(/(Time|[gG]eneration)$/.test(path));
  return changes.toSorted((a, b) => follows(a) - follows(b));
};

function Revision({ revision: { revision, atUs, what, writer, request, recordId, changes }, compacted, open, toggle, pair }: RevisionProps) {
  const { scrub, select } = useActions();
  return (
    <li className={classes(css.revision, css[what])}>
      <p className={css.head}>
        <b>{revision}</b>
        <button type="button" className={css.moment} title="Go to this moment" onClick={() => scrub(atUs)}>{clockText(atUs)}</button>
        <span className={css.what}>{what} by <b>{writer}</b></span>
        {compacted && <span className={css.compacted} title="etcd itself no longer has it; the recording does">compacted</span>}
      </p>
      {request !== '' && <button type="button" className={css.request} onClick={() => select({ type: 'record', recordId }, true)}>{request}</button>}
      {what === 'changed' && !open && (
        <p className={css.paths}>{changes.length === 0 ? 'Nothing but bookkeeping' : tellingPaths(changes).slice(0, mostPaths).map(({ path }) => <code key={path}><Breakable text={path} /></code>)}{changes.length > mostPaths && <span>and {changes.length - mostPaths} more</span>}</p>
      )}
      {what === 'changed' && changes.length > 0 && <Button look="link" aria-expanded={open} onClick={toggle}>{open ? 'Less' : 'What changed'}</Button>}
      {open && <ChangeTable changes={changes} label={`What revision ${revision} changed`} />}
      {open && pair !== undefined && <Diff before={pair.before} after={pair.after} />}
    </li>
  );
}
