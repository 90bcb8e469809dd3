import { useStore } from '@xyflow/react';
import { Button } from '../design/parts.tsx';
import type { Viewport } from './camera.ts';
import type { StageLayout } from './layout.ts';
import css from './stage.module.css';

/** So much of the stage's foot belongs to the bar; the stage can be moved clear of it. */
export const moreBarPx = 32;

/** Which machines are not wholly in view. */
const hiddenHosts = (layout: StageLayout, y: number, zoom: number, height: number, where: 'above' | 'below'): number =>
  [...layout.boxes].filter(([id, box]) => id.startsWith('host/') && (where === 'below' ? (box.y + box.height) * zoom + y > height - moreBarPx + 4 : (box.y + box.height) * zoom + y < 0)).length;

/** Where the stage is higher than its window: what is further down, and the way there. */
export function MoreBar({ layout, height, onFly }: { readonly layout: StageLayout; readonly height: number; readonly onFly: (viewport: Viewport) => void }) {
  const below = useStore(({ transform: [, y, zoom] }) => hiddenHosts(layout, y, zoom, height, 'below'));
  const moved = useStore(({ transform: [, y] }) => y < -4);
  const go = (y: number): void => onFly({ x: 0, y, zoom: layout.zoom });
  return (
    <div className={css.moreBar}>
      {below > 0 && <Button look="quiet" onClick={() => go(height - moreBarPx - layout.height * layout.zoom)}>↓ {below} more {below === 1 ? 'node' : 'nodes'}</Button>}
      {below === 0 && moved && <Button look="quiet" onClick={() => go(0)}>↑ Back to the top</Button>}
    </div>
  );
}
