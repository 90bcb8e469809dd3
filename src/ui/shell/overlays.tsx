import { AnimatePresence, LazyMotion, MotionConfig } from 'framer-motion';
import * as m from 'framer-motion/m';
import { lazy, Suspense } from 'react';
import { useApp } from './app-store.ts';
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
      </MotionConfig>
    </LazyMotion>
  );
}

function Drawer() {
  const shown = useApp((state) => state.inspecting && state.selection !== null);
  return (
    <AnimatePresence>
      {shown && (
        <m.div key="inspector" className={css.drawer} initial={{ x: 32, opacity: 0 }} animate={{ x: 0, opacity: 1 }} exit={{ x: 32, opacity: 0 }}>
          <Suspense fallback={<p className={css.loading}>Opening…</p>}><Inspector /></Suspense>
        </m.div>
      )}
    </AnimatePresence>
  );
}
