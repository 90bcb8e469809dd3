import { useReactFlow, useStore, useStoreApi, ViewportPortal } from '@xyflow/react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Viewport } from '@xyflow/react';
import type { CSSProperties, KeyboardEvent } from 'react';
import { nodeStates, notReady } from '../../../session/port/mass-status.ts';
import type { MassTable } from '../../../session/port/mass-status.ts';
import type { MassView } from '../../../store/known-mass.ts';
import { litTiles, massLightOf } from '../../../store/finding/mass-matches.ts';
import { massPlace, massSelection, nodeKeyAt, podKeyAt } from '../../../store/mass-names.ts';
import type { MassPlace } from '../../../store/mass-names.ts';
import { thingOf } from '../../../store/selected-key.ts';
import { classes } from '../../design/parts.tsx';
import { useActions, useApp } from '../../shell/app-store.ts';
import type { Box } from '../stage-plan.ts';
import { Thing } from '../thing.tsx';
import css from './mass.module.css';
import { MassCanvas } from './mass-canvas.tsx';
import { MassPanel } from './mass-panel.tsx';
import type { MassPicture } from './mass-painter.ts';
import { nodeText, podsInShort, podText } from './mass-words.ts';
import { cardPx, cellAt, gapOf, leastCellPx, podCells, podsPx } from './pod-cells.ts';
import { neighbourTile, shownTiles, tileAt, tileBox } from './tile-grid.ts';
import type { TileGrid } from './tile-grid.ts';

type Light = NonNullable<MassPicture['light']>;

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
  const light = useLight(view);
  const flyTo = useCallback((node: number) => onFly(centred(tileBox(grid, node), (cardPx * 1.35) / grid.pitch, flow.getState())), [grid, flow, onFly]);
  const choose = useCallback((node: number) => {
    setCursor(node);
    select(massSelection(view.table, { node, pod: -1 }));
    flyTo(node);
  }, [view.table, select, flyTo]);
  // What was asked for by its name is shown where it is.
  const focus = useApp((state) => state.view.focus);
  useEffect(() => {
    const place = focus === null ? undefined : massPlace(view.table, focus);
    if (place !== undefined) flyTo(place.node);
  }, [focus, view.table, flyTo]);
  return (
    <>
      <MassCanvas view={view} grid={grid} light={light} />
      <Things view={view} grid={grid} light={light} cursor={Math.min(cursor, grid.count - 1)} onCursor={setCursor} onFly={onFly} />
      <div className={css.side} style={{ '--top': `${topPx}px` } as CSSProperties}><MassPanel view={view} onGo={choose} pointedAt={pointedAt} /></div>
    </>
  );
}

/** What is lit, tile by tile; undefined while everything is. */
function useLight(view: MassView): Light | undefined {
  const spotlight = useApp((state) => state.view.spotlight);
  return useMemo(() => {
    if (spotlight === null) return undefined;
    const light = spotlight.mass ?? massLightOf(spotlight.keys, view.table);
    return { ...light, tiles: litTiles(light, view.table) };
  }, [spotlight, view]);
}

/** The Pod at a point of a tile as large as this; -1 where there is none, or none large enough to be meant. */
function podAt({ podStart }: MassTable, node: number, pitchPx: number, x: number, y: number): number {
  const edge = pitchPx - gapOf(pitchPx, 1);
  const count = podStart[node + 1]! - podStart[node]!;
  const cells = podCells({ left: 0, top: 0, right: edge, bottom: edge }, count, pitchPx, 1);
  const cell = cells === undefined ? -1 : cellAt(cells, count, x, y);
  return cell < 0 ? -1 : podStart[node]! + cell;
}

/** What the pointer is over, in words; a click chooses it. */
function usePointer(view: MassView, grid: TileGrid, onCursor: (node: number) => void): string {
  const flow = useStoreApi();
  const { select } = useActions();
  const { screenToFlowPosition } = useReactFlow();
  const [over, setOver] = useState('');
  const table = useRef(view.table);
  useEffect(() => { table.current = view.table; }, [view]);
  useEffect(() => {
    const home = flow.getState().domNode;
    if (home === null) return undefined;
    const placeUnder = (event: MouseEvent): MassPlace | undefined => {
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const node = event.target instanceof Element && event.target.closest('.react-flow__pane, [data-thing^="object/Node/"]') !== null ? tileAt(grid, at.x, at.y) : -1;
      if (node < 0) return undefined;
      const zoom = flow.getState().transform[2];
      const { x, y } = tileBox(grid, node);
      return { node, pod: podAt(table.current, node, grid.pitch * zoom, (at.x - x) * zoom, (at.y - y) * zoom) };
    };
    const onMove = (event: MouseEvent): void => {
      const place = placeUnder(event);
      setOver(place === undefined ? '' : `${place.node} ${place.pod}`);
    };
    const onLeave = (): void => setOver('');
    const onClick = (event: MouseEvent): void => {
      const place = placeUnder(event);
      // A card is a thing that hears of a click beside its Pods by itself.
      if (place === undefined || (place.pod < 0 && (event.target as Element).closest('[data-thing]') !== null)) return;
      // The pane would take it for a click beside everything.
      event.stopPropagation();
      onCursor(place.node);
      select(massSelection(table.current, place));
    };
    home.addEventListener('mousemove', onMove);
    home.addEventListener('mouseleave', onLeave);
    // Before the card under it hears of it.
    home.addEventListener('click', onClick, true);
    return () => {
      home.removeEventListener('mousemove', onMove);
      home.removeEventListener('mouseleave', onLeave);
      home.removeEventListener('click', onClick, true);
    };
  }, [flow, grid, select, screenToFlowPosition, onCursor]);
  const [node = -1, pod = -1] = over === '' ? [] : over.split(' ').map(Number);
  return node < 0 || node >= grid.count ? '' : pod < 0 ? nodeText(view.table, node).slice('Node '.length) : podText(view.table, pod, node);
}

/** Cards for the nodes in view where there is room for them; else one place that the keyboard moves from tile to tile. */
function Things({ view, grid, light, cursor, onCursor, onFly }: { readonly view: MassView; readonly grid: TileGrid; readonly light: Light | undefined; readonly cursor: number; readonly onCursor: (node: number) => void; readonly onFly: (viewport: Viewport) => void }) {
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
  const chosen = useApp((state) => thingOf(state.selection));
  const place = massPlace(view.table, chosen);
  return (
    <ViewportPortal>
      {large ? nodes.map((node) => <Tile key={node} table={view.table} text={nodeText(view.table, node)} grid={grid} node={node} zoom={zoom} lit={light?.nodes[node] === 1} card />) : <Cursor view={view} grid={grid} node={cursor} zoom={zoom} onMove={onCursor} onFly={onFly} />}
      {place !== undefined && grid.pitch * zoom >= podsPx && <PodThings table={view.table} grid={grid} node={place.node} zoom={zoom} light={light} />}
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
  return <div onKeyDown={move}><Tile table={view.table} text={nodeText(view.table, node)} grid={grid} node={node} zoom={zoom} lit card={false} /></div>;
}

const signs = ['●', '◐', '✕'] as const;

/** As large as its tile on the page, whatever the zoom: words do not grow with the picture. */
const Tile = memo(function Tile({ table, text, grid, node, zoom, lit, card }: { readonly table: MassTable; readonly text: string; readonly grid: TileGrid; readonly node: number; readonly zoom: number; readonly lit: boolean; readonly card: boolean }) {
  const { x, y, width } = tileBox(grid, node);
  const state = table.nodes[node]!;
  const key = nodeKeyAt(table, node);
  const chosen = useApp((app) => thingOf(app.selection) === key);
  const edge = width * zoom * (card ? 0.96 : 1);
  return (
    <div className={classes(css.place, !card && css.passing, chosen && css.chosen)} style={{ transform: `translate(${x}px, ${y}px) scale(${1 / zoom})`, width: edge, height: edge }}>
      <Thing id={key} className={classes(css.tile, card && css.card, state === notReady && css.lost)} label={text} selection={massSelection(table, { node, pod: -1 })} lit={lit || state === notReady}>
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

/** The Pods of the chosen tile, over their cells in the picture: each can be reached, chosen and read. */
function PodThings({ table, grid, node, zoom, light }: { readonly table: MassTable; readonly grid: TileGrid; readonly node: number; readonly zoom: number; readonly light: Light | undefined }) {
  const { x, y } = tileBox(grid, node);
  const pitchPx = grid.pitch * zoom;
  const edge = pitchPx - gapOf(pitchPx, 1);
  const [from, to] = [table.podStart[node]!, table.podStart[node + 1]!];
  const cells = podCells({ left: 0, top: 0, right: edge, bottom: edge }, to - from, pitchPx, 1);
  if (cells === undefined || cells.size < leastCellPx) return null;
  return (
    <div className={css.place} style={{ transform: `translate(${x}px, ${y}px) scale(${1 / zoom})` }}>
      {Array.from({ length: to - from }, (_, cell) => {
        const pod = from + cell;
        const { left, top, size } = { left: cells.x + (cell % cells.columns) * cells.size, top: cells.y + Math.floor(cell / cells.columns) * cells.size, size: cells.size * 0.82 };
        return <Thing key={pod} id={podKeyAt(table, pod)} className={css.podThing} label={podText(table, pod, node)} selection={massSelection(table, { node, pod })} style={{ left, top, width: size, height: size }} lit={light?.pods[pod] === 1} />;
      })}
    </div>
  );
}
