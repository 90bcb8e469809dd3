import { AnimatePresence, LazyMotion, MotionConfig } from 'framer-motion';
import * as m from 'framer-motion/m';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useApp } from './app-store.ts';
import { FilmProgress } from './film-progress.tsx';
import { LinkToCopy } from './link-to-copy.tsx';
import { Notices } from './notices.tsx';
import css from './shell.module.css';

const motionFeatures = () => import('./motion-features.ts').then((module) => module.default);
const Inspector = lazy(() => import('../inspector/inspector.tsx'));

/** Notices and the inspector, which come and go over the stage. */
export default function Overlays() {
  return (
    <LazyMotion features={motionFeatures} strict>
      <MotionConfig reducedMotion="user" transition={{ duration: 0.2, ease: [0.2, 0.7, 0.2, 1] }}>
        <Notices />
        <Drawer />
        <LinkToCopy />
        <FilmProgress />
      </MotionConfig>
    </LazyMotion>
  );
}

/** Whoever opened the drawer by keyboard goes into it, and out of it back to where they were. */
function useKeyboardPlace(shown: boolean) {
  const drawer = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const here = document.activeElement;
    if (shown) {
      before.current = here instanceof HTMLElement && here !== document.body ? here : null;
      if (before.current !== null) drawer.current?.focus({ preventScroll: true });
      return;
    }
    const back = before.current;
    before.current = null;
    if (back === null || !(here === null || here === document.body || drawer.current?.contains(here) === true)) return;
    // The button that opened it may have gone with what it stood on: then to the thing itself.
    const thing = document.querySelector<HTMLElement>('[data-thing][aria-pressed="true"]');
    (back.isConnected ? back : thing)?.focus({ preventScroll: true });
  }, [shown]);
  return drawer;
}

function Drawer() {
  const shown = useApp((state) => state.inspecting && state.selection !== null);
  const drawer = useKeyboardPlace(shown);
  return (
    <AnimatePresence>
      {shown && (
        <m.div key="inspector" ref={drawer} tabIndex={-1} className={css.drawer} initial={{ x: 32, opacity: 0 }} animate={{ x: 0, opacity: 1 }} exit={{ x: 32, opacity: 0 }}>
          <Suspense fallback={<p className={css.loading}>Opening…</p>}><Inspector /></Suspense>
        </m.div>
      )}
    </AnimatePresence>
  );
}
