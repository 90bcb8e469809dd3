import type { Rows } from '../../store/known-window.ts';
import type { Camera } from '../../session/port/camera.ts';
import type { StageLayout } from './layout.ts';
import type { Box } from './stage-plan.ts';

export interface Viewport { readonly x: number; readonly y: number; readonly zoom: number }
interface Window { readonly width: number; readonly height: number }
interface Room extends Window { readonly layout: Pick<StageLayout, 'width' | 'height' | 'zoom'> }

/** All of the stage, as large as it fits. */
export const wholeStage = ({ layout, width }: Room): Viewport => ({ x: (width - layout.width * layout.zoom) / 2, y: 0, zoom: layout.zoom });

/** What a viewport shows, in terms that another window understands. */
export const cameraOf = ({ x, y, zoom }: Viewport, { layout, width, height }: Room): Camera =>
  ({ x: (width / 2 - x) / zoom / layout.width, y: (height / 2 - y) / zoom / layout.height, zoom: zoom / layout.zoom });

export function viewportOf(camera: Camera, { layout, width, height }: Room): Viewport {
  const zoom = camera.zoom * layout.zoom;
  return { x: width / 2 - camera.x * layout.width * zoom, y: height / 2 - camera.y * layout.height * zoom, zoom };
}

/** Where the thing of a row is drawn; a Pod that has no place of its own (under the lens, say) is where its node is. */
export function boxOf(layout: StageLayout, rows: Rows, key: string): Box | undefined {
  const pod = layout.pods.get(key)?.box;
  if (pod !== undefined) return pod;
  const row = rows[key];
  if (row?.type === 'pod') return layout.boxes.get(`host/${row.node}`);
  if (row?.type === 'workload' || row?.type === 'job' || row?.type === 'cron-job' || row?.type === 'service') return layout.strip;
  return layout.boxes.get(key.startsWith('object/Node//') ? `host/${key.slice('object/Node//'.length)}` : key.replace(/^component\//, ''));
}

/** So near (as a factor on the whole stage's size) that the thing is large and what is around it can still be seen; never beyond the stage's edges. */
export function viewOn(box: Box, layout: StageLayout, { width, height }: Window, near: number): Viewport {
  const zoom = Math.max(layout.zoom, Math.min(2, layout.zoom * near, (width * 0.7) / box.width, (height * 0.7) / box.height));
  const along = (from: number, size: number, whole: number, room: number): number => {
    const least = Math.min(0, room - whole * zoom);
    return Math.min(0, Math.max(least, room / 2 - (from + size / 2) * zoom));
  };
  return { x: along(box.x, box.width, layout.width, width), y: along(box.y, box.height, layout.height, height), zoom };
}
