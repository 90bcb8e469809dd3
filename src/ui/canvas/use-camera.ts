import { useReactFlow } from '@xyflow/react';
import type { Viewport } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Camera } from '../../session/port/camera.ts';
import { useActions, useApp } from '../shell/app-store.ts';
import { boxOf, cameraOf, viewOn, viewportOf, wholeStage } from './camera.ts';
import type { StageLayout } from './layout.ts';

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const flightMs = 240;
/** Of a followed Pod one wants to see where it goes; what one looks at shall be large. */
const [followedNear, selectedNear] = [1.5, 2];

const isSame = (a: Viewport, b: Viewport): boolean => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5 && Math.abs(a.zoom - b.zoom) < 0.001;

/** Keeps the stage as the view says: fitted, on one thing wherever that goes, or where somebody moved it to. */
export function useCamera(layout: StageLayout, width: number, height: number) {
  const camera = useApp(({ view }) => view.camera);
  const on = useApp(({ view }) => view.focus ?? (view.camera === null ? view.following : null));
  // Texts, so that the camera moves only when the place does.
  const place = useApp(({ rows, view }) => {
    const box = on === null ? undefined : boxOf(layout, rows, on);
    return box === undefined ? '' : JSON.stringify(viewOn(box, layout, { width, height }, view.following === on ? followedNear : selectedNear));
  });
  const whole = JSON.stringify(wholeStage({ layout, width, height }));
  const { setViewport, zoomIn, zoomOut } = useReactFlow();
  const { look } = useActions();
  const begun = useRef(false);
  /** What a hand made of it: the stage is already there. */
  const own = useRef<Camera>(null);
  const zooms = useRef(false);
  const shown = useRef<Viewport>({ x: 0, y: 0, zoom: 0 });
  // Only a place that is a share of the layout moves with it.
  const ground = camera === null ? null : layout;
  useEffect(() => {
    // What is gone leaves the camera where it was.
    const target = on !== null ? place : camera === null || ground === null ? whole : camera === own.current ? '' : JSON.stringify(viewportOf(camera, { layout: ground, width, height }));
    if (target !== '') {
      shown.current = JSON.parse(target) as Viewport;
      void setViewport(shown.current, { duration: begun.current && on !== null && !calm.matches ? flightMs : 0 });
    }
    if (camera !== null) own.current = camera;
    begun.current = true;
  }, [camera, on, place, whole, ground, width, height, setViewport]);
  const byHand = (zoom: () => void) => (): void => {
    zooms.current = true;
    zoom();
  };
  return {
    wasMoved: camera !== null || on !== null,
    fit: () => look({ camera: null, focus: null, following: null }),
    zoomIn: byHand(() => void zoomIn()),
    zoomOut: byHand(() => void zoomOut()),
    /** To what was asked for by its name. */
    flyTo: (viewport: Viewport) => {
      shown.current = viewport;
      own.current = cameraOf(viewport, { layout, width, height });
      look({ camera: own.current, focus: null, following: null });
      void setViewport(viewport, { duration: calm.matches ? 0 : flightMs });
    },
    onMoveEnd: (event: unknown, viewport: Viewport) => {
      // A click is a move of no length.
      if ((event === null && !zooms.current) || isSame(viewport, shown.current)) return;
      zooms.current = false;
      own.current = cameraOf(viewport, { layout, width, height });
      look({ camera: own.current, focus: null });
    },
  };
}
