import { useReactFlow } from '@xyflow/react';
import type { Viewport } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Camera } from '../../store/state.ts';
import { useSession } from '../shell/app-store.ts';
import type { StageLayout } from './layout.ts';

interface Room { readonly layout: Pick<StageLayout, 'width' | 'height' | 'zoom'>; readonly width: number; readonly height: number }

/** All of the stage, as large as it fits. */
export const wholeStage = ({ layout, width }: Room): Viewport => ({ x: (width - layout.width * layout.zoom) / 2, y: 0, zoom: layout.zoom });

/** What a viewport shows, in terms that another window understands. */
export const cameraOf = ({ x, y, zoom }: Viewport, { layout, width, height }: Room): Camera =>
  ({ x: (width / 2 - x) / zoom / layout.width, y: (height / 2 - y) / zoom / layout.height, zoom: zoom / layout.zoom });

export function viewportOf(camera: Camera, { layout, width, height }: Room): Viewport {
  const zoom = camera.zoom * layout.zoom;
  return { x: width / 2 - camera.x * layout.width * zoom, y: height / 2 - camera.y * layout.height * zoom, zoom };
}

/** Keeps the stage fitted until somebody moves it; where it was moved to is part of how one looks at the world. */
export function useCamera(layout: StageLayout, width: number, height: number) {
  const session = useSession();
  const { setViewport, zoomIn, zoomOut } = useReactFlow();
  const [given] = useState(() => session.getState().view.camera);
  const begun = useRef(false);
  const moved = useRef(given !== null);
  const [wasMoved, setWasMoved] = useState(given !== null);
  const fit = useCallback(() => {
    moved.current = false;
    setWasMoved(false);
    if (session.getState().view.camera !== null) session.act.look({ camera: null });
    void setViewport(wholeStage({ layout: { width: layout.width, height: layout.height, zoom: layout.zoom }, width, height }));
  }, [session, setViewport, width, height, layout.width, layout.height, layout.zoom]);
  useEffect(() => {
    if (!begun.current && given !== null) void setViewport(viewportOf(given, { layout, width, height }));
    else if (!moved.current) fit();
    begun.current = true;
  }, [fit, given, setViewport, layout, width, height]);
  const begin = (): void => {
    moved.current = true;
    setWasMoved(true);
  };
  return {
    fit, wasMoved,
    zoomIn: () => { begin(); void zoomIn(); },
    zoomOut: () => { begin(); void zoomOut(); },
    onMoveStart: (event: unknown) => { if (event !== null) begin(); },
    onMoveEnd: (_event: unknown, viewport: Viewport) => { if (moved.current) session.act.look({ camera: cameraOf(viewport, { layout, width, height }) }); },
  };
}
