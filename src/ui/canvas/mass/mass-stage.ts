import { useMemo } from 'react';
import type { MassView } from '../../../store/known-mass.ts';
import { massFromRows } from '../../../store/mass-from-rows.ts';
import { useApp } from '../../shell/app-store.ts';
import type { StageLayout } from '../layout.ts';
import type { Inventory, Pipe } from '../stage-plan.ts';
import { layTiles, tileArea, tileWays } from './tile-grid.ts';
import type { TileGrid } from './tile-grid.ts';

/** Machines that are too many for a card each. */
export interface MassStage { readonly view: MassView; readonly grid: TileGrid; /** How far one may zoom in: to a few cards. */ readonly maxZoom: number; readonly topPx: number }

const largestCardPx = 480;

/** The statuses of a world that is shown as tiles, from its rows or in place of them; null for any other. */
export const useMass = (): MassView | null => useApp((state) => state.mass ?? massFromRows(state.rows));

/** Tiles on the ground that the layout has left free, and the ways of messages to them. */
export function useMassStage(view: MassView | null, inventory: Inventory, layout: StageLayout, width: number, height: number): { readonly mass?: MassStage; readonly pipes: readonly Pipe[] } {
  const names = view?.table.nodeNames;
  const laid = useMemo(() => {
    if (names === undefined) return undefined;
    const controlled = inventory.frontDoor.address !== '';
    const grid = layTiles(tileArea(layout, controlled, width, height), names.length);
    return {
      grid, maxZoom: largestCardPx / grid.pitch, topPx: controlled ? (layout.spine.y + layout.spine.height) * layout.zoom : 0,
      pipes: controlled ? [...layout.pipes, ...tileWays(inventory, grid, names, layout.spine)] : layout.pipes,
    };
  }, [names, inventory, layout, width, height]);
  if (view === null || laid === undefined) return { pipes: layout.pipes };
  const { pipes, ...ground } = laid;
  return { mass: { ...ground, view }, pipes };
}
