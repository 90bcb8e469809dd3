import { AnimatePresence } from 'framer-motion';
import * as m from 'framer-motion/m';
import { useEffect } from 'react';
import type { Notice } from '../../store/state.ts';
import { Button, classes } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import css from './shell.module.css';

const shownMs = 7_000;

/** Short messages over the stage. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  return (
    <div className={css.notices} aria-live="polite">
      <AnimatePresence>{notices.map((notice) => <One key={notice.id} notice={notice} />)}</AnimatePresence>
    </div>
  );
}

function One({ notice }: { readonly notice: Notice }) {
  const { dismiss, play } = useActions();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(notice.id), shownMs);
    return () => clearTimeout(timer);
  }, [notice.id, dismiss]);
  return (
    <m.div className={classes(css.notice, notice.tone === 'bad' && css.badNotice)} initial={{ y: -12, opacity: 0 }} animate={{ y: 0, opacity: 1 }} exit={{ y: -12, opacity: 0 }}>
      <span>{notice.text}</span>
      {notice.offersPlay && <Button look="loud" onClick={() => { play(); dismiss(notice.id); }}>Play</Button>}
      <Button look="quiet" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>✕</Button>
    </m.div>
  );
}
