import { AnimatePresence } from 'framer-motion';
import * as m from 'framer-motion/m';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import css from './shell.module.css';

/** An invitation to the next thing to try; stays until it is followed or put away. */
export function HintBar() {
  const hint = useApp((state) => state.hint);
  const { learn, select, look, pause } = useActions();
  const follow = (): void => {
    if (hint === null) return undefined;
    look({ panel: 'stage' });
    if (hint.step === 'break') return select(hint.about);
    learn(hint.step);
    // One reads at one's own pace: the inspector says why.
    pause();
    select(hint.about, true);
    return undefined;
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
