import { useStoreApi } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import { useSession } from '../shell/app-store.ts';
import type { StageLayout } from './layout.ts';
import type { Pipe } from './stage-plan.ts';
import { messageKinds } from './message-kinds.ts';
import { forgetLetterWidth } from './message-labels.ts';
import { paint } from './message-painter.ts';
import type { Colours, Drawn, Picture } from './picture.ts';
import { pictures } from './pictures.ts';
import css from './stage.module.css';

/** Reads the theme's colours for the canvas, which cannot use custom properties. */
function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    kinds: Object.fromEntries(Object.entries(messageKinds).map(([kind, { colour }]) => [kind, of(colour)])) as Colours['kinds'],
    bad: of('--bad'), ink: of('--ink'), panel: of('--panel'), faint: of('--line-strong'), loudPx: Number.parseFloat(of('--loud')) || 2.5,
  };
}

/** The one canvas over the stage: each frame it asks what is under way at the playhead, and draws that. */
export function MessageCanvas({ layout, onDrawn }: { readonly layout: StageLayout; readonly onDrawn: (drawn: readonly Drawn[]) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useSession();
  const flow = useStoreApi();
  const ways = useMemo(() => new Map<string, Pipe>(layout.pipes.map((pipe) => [pipe.id, pipe])), [layout.pipes]);
  // The loop reads where things are; it does not begin anew when a Pod comes, because asking for the colours styles the whole page.
  const ground = useRef({ layout, ways });
  useEffect(() => { ground.current = { layout, ways }; }, [layout, ways]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return undefined;
    let [frame, lastKey, lastGround, lastView, colours, moved] = [0, '', ground.current, session.getState().view, readColours(), false];
    const themes = new MutationObserver(() => { colours = readColours(); lastKey = ''; });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const draw = (): void => {
      frame = requestAnimationFrame(draw);
      const { transform: [x, y, zoom], width, height } = flow.getState();
      const state = session.getState();
      const selectedId = state.selection?.type === 'record' ? state.selection.recordId : -1;
      const key = [x, y, zoom, width, height, state.playheadUs, state.branch, state.knownUs, selectedId].join();
      if (key === lastKey && ground.current === lastGround && state.view === lastView) return;
      [lastKey, lastGround, lastView] = [key, ground.current, state.view];
      const { chatter, spotlight, following } = state.view;
      const followed = following === null ? undefined : state.rows[following];
      const density = window.devicePixelRatio;
      const element = context.canvas;
      if (element.width !== Math.round(width * density) || element.height !== Math.round(height * density)) {
        element.width = Math.round(width * density);
        element.height = Math.round(height * density);
      }
      context.setTransform(density, 0, 0, density, 0, 0);
      const inFlight = session.act.messagesInFlight();
      // How soon something moves is measured by `npm run bench`.
      if (!moved && inFlight.length > 0) {
        moved = true;
        performance.mark('orrery:first-message');
      }
      const picture: Picture = {
        inFlight, atWork: session.act.lastArrival(), atUs: state.playheadUs, ...lastGround, colours,
        x, y, zoom, width, height, selectedId, listening: { chatter, spotlight, rate: state.rate, ...(followed?.type === 'pod' && { followed }) },
      };
      pictures.set(element, picture);
      onDrawn(paint(context, picture));
    };
    void document.fonts.ready.then(forgetLetterWidth);
    draw();
    return () => { cancelAnimationFrame(frame); themes.disconnect(); };
  }, [flow, session, onDrawn]);
  return <canvas ref={canvas} className={css.messages} aria-hidden="true" />;
}
