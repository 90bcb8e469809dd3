import { AnimatePresence } from 'framer-motion';
import * as m from 'framer-motion/m';
import { Button } from '../design/parts.tsx';
import { useActions, useApp, useSession } from './app-store.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { Hint } from '../../store/state.ts';
import css from './shell.module.css';

/** To the record that made a Pod what it is: the write that marked it for deletion, else the newest one. Where none is told, to the Pod. */
async function ask({ about }: Hint, { act }: SessionStore): Promise<void> {
  act.pause();
  const { apiVersion, kind, namespace, name } = about;
  const answer = await act.query({ type: 'history', apiVersion, kind, namespace, name });
  const revisions = answer.type === 'history' ? answer.revisions : [];
  const wanted = revisions.find((revision) => revision.changes.some((change) => change.path.includes('deletionTimestamp'))) ?? revisions[0];
  act.select(wanted === undefined ? about : { type: 'record', recordId: wanted.recordId }, true);
}

/** An invitation to the next thing to try; stays until it is followed or put away. */
export function HintBar() {
  const hint = useApp((state) => state.hint);
  const session = useSession();
  const { learn, select, look } = useActions();
  const follow = (): void => {
    if (hint === null) return;
    look({ panel: 'stage' });
    if (hint.step === 'break') return select(hint.about);
    learn(hint.step);
    void ask(hint, session);
  };
  return (
    <AnimatePresence>
      {hint !== null && (
        <m.aside key={hint.step} className={css.notice} aria-label="What to try next" initial={{ y: 12, opacity: 0 }} animate={{ y: 0, opacity: 1 }} exit={{ y: 12, opacity: 0 }}>
          <span>{hint.text}</span>
          <Button look="loud" onClick={follow}>{hint.button}</Button>
          <Button look="quiet" aria-label="No hints about this" onClick={() => learn(hint.step)}>✕</Button>
        </m.aside>
      )}
    </AnimatePresence>
  );
}
