import { useReactFlow, useStore, useStoreApi, ViewportPortal } from '@xyflow/react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import type { Viewport } from '@xyflow/react';
import type { CSSProperties, KeyboardEvent } from 'react';
import { nodeStates, notReady } from '../../../session/port/mass-status.ts';
import type { MassTable } from '../../../session/port/mass-status.ts';
import type { MassView } from '../../../store/known-mass.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { thingOf } from '../../../store/selected-key.ts';
import type { Selection } from '../../../store/state.ts';
import { classes } from '../../design/parts.tsx';
import { useActions, useApp } from '../../shell/app-store.ts';
import type { Box } from '../stage-plan.ts';
import { Thing } from '../thing.tsx';
import css from './mass.module.css';
import { MassCanvas } from './mass-canvas.tsx';
import { MassPanel } from './mass-panel.tsx';
import { cardPx } from './mass-painter.ts';
import { nodeText, podsInShort } from './mass-words.ts';
import { neighbourTile, shownTiles, tileAt, tileBox } from './tile-grid.ts';
import type { TileGrid } from './tile-grid.ts';

const keyOf = (table: MassTable, node: number): string => objectKey('Node', '', table.nodeNames[node]!);
const selectionOf = (table: MassTable, node: number): Selection => ({ type: 'object', key: keyOf(table, node), apiVersion: 'v1', kind: 'Node', namespace: '', name: table.nodeNames[node]! });

/** The camera with a tile in the middle. */
const centred = (box: Box, zoom: number, room: { readonly width: number; readonly height: number }): Viewport =>
  ({ x: room.width / 2 - (box.x + box.width / 2) * zoom, y: room.height / 2 - (box.y + box.height / 2) * zoom, zoom });

interface MassProps { readonly view: MassView; readonly grid: TileGrid; /** Where the panel begins, in pixels of the page. */ readonly topPx: number; readonly onFly: (viewport: Viewport) => void }

/** Very many nodes: their picture, what can be reached and chosen in it, and the same in words. */
export default function MassLayer({ view, grid, topPx, onFly }: MassProps) {
  const { select } = useActions();
  const flow = useStoreApi();
  const [cursor, setCursor] = useState(0);
  const pointedAt = usePointer(view, grid, setCursor);
  const go = useCallback((node: number) => {
    setCursor(node);
    select(selectionOf(view.table, node));
    onFly(centred(tileBox(grid, node), (cardPx * 1.35) / grid.pitch, flow.getState()));
  }, [grid, view.table, select, flow, onFly]);
  return (
    <>
      <MassCanvas view={view} grid={grid} />
      <Things view={view} grid={grid} cursor={Math.min(cursor, grid.count - 1)} onCursor={setCursor} onFly={onFly} />
      <div className={css.side} style={{ '--top': `${topPx}px` } as CSSProperties}><MassPanel view={view} onGo={go} pointedAt={pointedAt} /></div>
    </>
  );
}

/** What the pointer is over, in words; a click chooses it. */
function usePointer(view: MassView, grid: TileGrid, onCursor: (node: number) => void): string {
  const flow = useStoreApi();
  const { select } = useActions();
  const { screenToFlowPosition } = useReactFlow();
  const [over, setOver] = useState(-1);
  const table = useRef(view.table);
  useEffect(() => { table.current = view.table; }, [view]);
  useEffect(() => {
    const home = flow.getState().domNode;
    if (home === null) return undefined;
    const tileUnder = (event: MouseEvent): number => {
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      return event.target instanceof Element && event.target.closest('.react-flow__pane') !== null ? tileAt(grid, at.x, at.y) : -1;
    };
    const onMove = (event: MouseEvent): void => setOver(tileUnder(event));
    const onLeave = (): void => setOver(-1);
    const onClick = (event: MouseEvent): void => {
      const tile = tileUnder(event);
      if (tile < 0) return;
      // The pane would take it for a click beside everything.
      event.stopPropagation();
      onCursor(tile);
      select(selectionOf(table.current, tile));
    };
    home.addEventListener('mousemove', onMove);
    home.addEventListener('mouseleave', onLeave);
    home.addEventListener('click', onClick);
    return () => {
      home.removeEventListener('mousemove', onMove);
      home.removeEventListener('mouseleave', onLeave);
      home.removeEventListener('click', onClick);
    };
  }, [flow, grid, select, screenToFlowPosition, onCursor]);
  return over < 0 || over >= grid.count ? '' : nodeText(view.table, over).slice('Node '.length);
}

/** Cards for the nodes in view where there is room for them; else one place that the keyboard moves from tile to tile. */
function Things({ view, grid, cursor, onCursor, onFly }: { readonly view: MassView; readonly grid: TileGrid; readonly cursor: number; readonly onCursor: (node: number) => void; readonly onFly: (viewport: Viewport) => void }) {
  const zoom = useStore((state) => state.transform[2]);
  const large = grid.pitch * zoom >= cardPx;
  const shown = useStore(({ transform: [x, y, scale], width, height }) => {
    if (grid.pitch * scale < cardPx) return '';
    const { fromColumn, toColumn, fromRow, toRow } = shownTiles(grid, { x, y, zoom: scale, width, height });
    return [fromColumn, toColumn, fromRow, toRow].join();
  });
  const [fromColumn = 0, toColumn = 0, fromRow = 0, toRow = 0] = shown.split(',').map(Number);
  const nodes: number[] = [];
  if (large) for (let row = fromRow; row < toRow; row += 1) for (let column = fromColumn; column < toColumn; column += 1) if (row * grid.columns + column < grid.count) nodes.push(row * grid.columns + column);
  return (
    <ViewportPortal>
      {large ? nodes.map((node) => <Tile key={node} table={view.table} text={nodeText(view.table, node)} grid={grid} node={node} zoom={zoom} card />) : <Cursor view={view} grid={grid} node={cursor} zoom={zoom} onMove={onCursor} onFly={onFly} />}
    </ViewportPortal>
  );
}

function Cursor({ view, grid, node, zoom, onMove, onFly }: { readonly view: MassView; readonly grid: TileGrid; readonly node: number; readonly zoom: number; readonly onMove: (node: number) => void; readonly onFly: (viewport: Viewport) => void }) {
  const flow = useStoreApi();
  const move = (event: KeyboardEvent): void => {
    if (!event.key.startsWith('Arrow') || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = neighbourTile(grid, node, event.key);
    // At an edge the arrow leads on to what else there is on the stage.
    if (next === node) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(next);
    const box = tileBox(grid, next);
    const { x, y, width } = box;
    const { transform: [left, top, scale], width: wide, height: high } = flow.getState();
    const [screenX, screenY] = [left + x * scale, top + y * scale];
    if (screenX < 0 || screenY < 0 || screenX + width * scale > wide || screenY + width * scale > high) onFly(centred(box, scale, flow.getState()));
  };
  // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it hears the keys of the thing inside
  return <div onKeyDown={move}><Tile table={view.table} text={nodeText(view.table, node)} grid={grid} node={node} zoom={zoom} card={false} /></div>;
}

const signs = ['●', '◐', '✕'] as const;

/** As large as its tile on the page, whatever the zoom: words do not grow with the picture. */
const Tile = memo(function Tile({ table, text, grid, node, zoom, card }: { readonly table: MassTable; readonly text: string; readonly grid: TileGrid; readonly node: number; readonly zoom: number; readonly card: boolean }) {
  const { x, y, width } = tileBox(grid, node);
  const state = table.nodes[node]!;
  const key = keyOf(table, node);
  const chosen = useApp((app) => thingOf(app.selection) === key);
  const edge = width * zoom * (card ? 0.96 : 1);
  return (
    <div className={classes(css.place, !card && css.passing, chosen && css.chosen)} style={{ transform: `translate(${x}px, ${y}px) scale(${1 / zoom})`, width: edge, height: edge }}>
      <Thing id={key} className={classes(css.tile, card && css.card, state === notReady && css.lost)} label={text} selection={selectionOf(table, node)}>
        {card && (
          <>
            <b>{table.nodeNames[node]}</b>
            <span className={classes(css.state, css[`state${state}`])}>{signs[state]} {nodeStates[state]}</span>
            <span className={css.line}>{podsInShort(table, node)}</span>
            <span className={css.bar} title={`${table.requested[node]!} % of its cpu requested`}><i style={{ transform: `scaleX(${table.requested[node]! / 100})` }} /></span>
          </>
        )}
      </Thing>
    </div>
  );
});
