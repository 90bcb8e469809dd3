import { AnimatePresence } from 'framer-motion';
import * as m from 'framer-motion/m';
import { useEffect } from 'react';
import type { Notice } from '../../store/state.ts';
import { Button, classes } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import { HintBar } from './hint.tsx';
import css from './shell.module.css';

const shownMs = 7_000;

/** Short messages over the stage. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  return (
    <div className={css.notices} aria-live="polite">
      <HintBar />
      <AnimatePresence>{notices.map((notice) => <One key={notice.id} notice={notice} />)}</AnimatePresence>
    </div>
  );
}

function One({ notice }: { readonly notice: Notice }) {
  const { dismiss, play, select, switchTo } = useActions();
  useEffect(() => {
    // What has a button is there to be decided upon, which takes longer than to be read.
    const timer = setTimeout(() => dismiss(notice.id), notice.offers === undefined || notice.offers === 'play' ? shownMs : 2 * shownMs);
    return () => clearTimeout(timer);
  }, [notice.id, notice.offers, dismiss]);
  const { offers } = notice;
  const [name, doIt] = offers === 'play' ? ['Play', play] as const : offers?.type === 'future' ? ['Go back to it', () => switchTo(offers.id)] as const : ['Show me', () => select(offers ?? null)] as const;
  return (
    <m.div className={classes(css.notice, notice.tone === 'bad' && css.badNotice)} initial={{ y: 12, opacity: 0 }} animate={{ y: 0, opacity: 1 }} exit={{ y: 12, opacity: 0 }}>
      <span>{notice.text}</span>
      {offers !== undefined && <Button look={offers === 'play' ? 'loud' : 'plain'} onClick={() => { doIt(); dismiss(notice.id); }}>{name}</Button>}
      <Button look="quiet" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>✕</Button>
    </m.div>
  );
}
