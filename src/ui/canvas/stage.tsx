import '@xyflow/react/dist/base.css';
import { BaseEdge, Handle, MiniMap, Panel, Position, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import type { Edge, EdgeProps, Node, NodeProps } from '@xyflow/react';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CSSProperties, MouseEvent } from 'react';
import { Button, classes } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import { ComponentCard, SharedCard, Spine } from './control-cards.tsx';
import type { ComponentData, SharedData } from './control-cards.tsx';
import { Departures, DeparturesProvider } from './departures.tsx';
import { FollowBar } from './follow-bar.tsx';
import { ThingsMemory } from './flow-things.ts';
import type { FlowThings } from './flow-things.ts';
import { HostCard } from './host-card.tsx';
import type { HostData } from './host-card.tsx';
import { steadyInventory } from './inventory.ts';
import { layStage } from './layout.ts';
import type { PodSize, StageLayout } from './layout.ts';
import type { Point } from './stage-plan.ts';
import { MoreBar, moreBarPx } from './more-bar.tsx';
import { MessageCanvas } from './message-canvas.tsx';
import type { Drawn } from './picture.ts';
import { PodCard } from './pod-card.tsx';
import { useMass, useMassStage } from './mass/mass-stage.ts';
import type { MassStage } from './mass/mass-stage.ts';
import { SelectionBar } from './selection-bar.tsx';
import { SpotlightBar } from './spotlight-bar.tsx';
import { wholeStage } from './camera.ts';
import { useCamera } from './use-camera.ts';
import { walk } from './walk.ts';
import css from './stage.module.css';
import { useSlices } from './use-slices.ts';
import { Strip } from './strip.tsx';

const MassLayer = lazy(() => import('./mass/mass-layer.tsx'));
const Legend = lazy(() => import('./legend.tsx'));

/** Pipes know their own course; React Flow only needs to be told that there is somewhere to begin and end. */
const Ends = () => <><Handle type="source" position={Position.Top} isConnectable={false} className={css.end} /><Handle type="target" position={Position.Bottom} isConnectable={false} className={css.end} /></>;

const nodeTypes = {
  frame: memo(() => <div className={css.frame}><span>Control plane</span></div>),
  strip: memo(() => <Strip />),
  component: memo(({ data }: NodeProps) => <><Ends /><ComponentCard data={data as ComponentData} /></>),
  card: memo(({ data }: NodeProps) => <><Ends /><SharedCard data={data as SharedData} /></>),
  spine: memo(({ data }: NodeProps) => <><Ends /><Spine data={data as ComponentData} /></>),
  host: memo(({ data }: NodeProps) => <><Ends /><HostCard data={data as HostData} /></>),
  pod: memo(({ data, positionAbsoluteX, positionAbsoluteY, width = 0, height = 0 }: NodeProps) => <PodCard podKey={data['podKey'] as string} size={data['size'] as PodSize} x={positionAbsoluteX} y={positionAbsoluteY} width={width} height={height} />),
};

type PipeData = { readonly points: readonly Point[]; readonly from: string; readonly to: string; readonly local: boolean; readonly mutual: boolean };

/** A pipe: a line, and the ring at the end that dialled, unless both do. Dashed while nobody holds it. */
const PipeEdge = memo(function PipeEdge({ id, data }: EdgeProps<Edge<PipeData>>) {
  const held = useApp((state) => {
    const row = state.rows[`component/${data?.from ?? ''}`];
    return row?.type === 'component' && row.running && (data?.local === true || row.dials.includes(data?.to ?? ''));
  });
  const dimmed = useApp(({ view: { spotlight } }) => spotlight !== null && !(spotlight.keys.has(`component/${data?.from ?? ''}`) && spotlight.keys.has(`component/${data?.to ?? ''}`)));
  if (data === undefined) return null;
  const first = data.points[0]!;
  const path = data.points.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join(' ');
  return (
    <g className={classes(css.pipe, !held && css.unheld, dimmed && css.dimmed)}>
      <BaseEdge id={id} path={path} interactionWidth={0} />
      {!data.local && !data.mutual && <circle cx={first.x} cy={first.y} r={5} />}
    </g>
  );
});
const edgeTypes = { pipe: PipeEdge };

const miniColour = ({ type }: Node): string => ({ pod: 'var(--good)', spine: 'var(--accent)', frame: 'transparent' })[type ?? ''] ?? 'var(--card-2)';

const scaled = (layout: StageLayout, scale: number): StageLayout => (scale === 1 ? layout : { ...layout, zoom: layout.zoom * scale });

const nothing: FlowThings = { nodes: [], edges: [] };

function useStage(width: number, height: number, scale: number): { layout: StageLayout; things: FlowThings; mass: MassStage | undefined } {
  const whole = useApp((state) => steadyInventory(state.rows));
  const lens = useApp((state) => state.view.lens);
  const view = useMass();
  const many = view !== null;
  // Under the lens a node shows its Pods in a table; where there are too many for a card each, tiles take their place.
  const inventory = useMemo(() => (many ? { ...whole, hosts: [] } : lens ? { ...whole, hosts: whole.hosts.map((host) => ({ ...host, pods: [] })) } : whole), [whole, lens, many]);
  const [memory] = useState(() => new ThingsMemory());
  const { layout, things } = useMemo(() => {
    const laid = scaled(layStage(inventory, width / scale, height / scale), scale);
    return { layout: laid, things: inventory.frontDoor.address === '' ? nothing : memory.next(laid, inventory.frontDoor.address) };
  }, [memory, inventory, width, height, scale]);
  const { mass, pipes } = useMassStage(view, whole, layout, width, height);
  return { layout: useMemo(() => (pipes === layout.pipes ? layout : { ...layout, pipes }), [layout, pipes]), things, mass };
}

/** The stage: things and pipes held by React Flow, messages on a canvas over it. */
export function Stage({ scale = 'page', name = 'The cluster' }: { readonly scale?: 'page' | 'room'; readonly name?: string }) {
  const holder = useRef<HTMLElement>(null);
  const begun = useAfterFrame(useApp((state) => state.branch >= 0));
  const [size, setSize] = useState<{ width: number; height: number }>();
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={holder} className={css.stage} aria-label={name}>
      {begun && size !== undefined && size.width > 0 && size.height > 0 && <ReactFlowProvider><DeparturesProvider><Flow width={size.width} height={size.height} scale={scale === 'page' ? 1 : roomScale(size.width, size.height)} /></DeparturesProvider></ReactFlowProvider>}
    </section>
  );
}

/** True from the frame on after it has become true: the page around the stage and the stage are not built in the same one. */
function useAfterFrame(now: boolean): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    if (!now) return undefined;
    const frame = requestAnimationFrame(() => setLater(true));
    return () => cancelAnimationFrame(frame);
  }, [now]);
  return later;
}

/** For a room the stage is laid out as for a small window, and that is shown large. */
const roomScale = (width: number, height: number): number => Math.max(1, Math.min(width / 1100, height / 470));

function Flow({ width, height, scale }: { readonly width: number; readonly height: number; readonly scale: number }) {
  const { layout, things, mass } = useStage(width, height, scale);
  const { select } = useActions();
  const session = useSession();
  const legend = useApp((state) => state.view.legend);
  const [nodes, edges, whole] = useSlices(things);
  const drawn = useRef<readonly Drawn[]>([]);
  const { fit, wasMoved, zoomIn, zoomOut, flyTo, onMoveEnd } = useCamera(layout, width, height);
  // So little room that the buttons of the camera would lie over what there is; more than fits in height is moved up and down.
  const low = layout.density === 'tiny' && (width < 620 || height < 430);
  const tall = layout.density === 'tiny' && layout.height * layout.zoom > height + 1;
  const onDrawn = useCallback((next: readonly Drawn[]) => { drawn.current = next; }, []);
  // A message lies over whatever it passes: it is asked first whether the click was meant for it.
  const catchMessage = (event: MouseEvent<HTMLDivElement>): void => {
    const home = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - home.left, event.clientY - home.top];
    const hit = drawn.current.find((message) => Math.hypot(message.x - x, message.y - y) < 14);
    if (hit === undefined) return;
    event.stopPropagation();
    session.act.pause();
    select({ type: 'record', recordId: hit.id }, true);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- one tab stop for all things on the stage; the arrow keys lead on from it
    <div className={css.flow} onClickCapture={catchMessage} onKeyDown={walk} tabIndex={0} data-walk {...(mass !== undefined && { 'data-tiles': true })} role="group" aria-busy={!whole} aria-label="Stage. Arrow keys move between things, Enter shows what can be done, Delete deletes.">
      <ReactFlow
        nodes={nodes as Node[]} edges={edges as Edge[]} nodeTypes={nodeTypes} edgeTypes={edgeTypes as never}
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} disableKeyboardA11y
        minZoom={0.1} maxZoom={mass?.maxZoom ?? 2.5 * scale} zoomOnDoubleClick={false} deleteKeyCode={null} attributionPosition={layout.density === 'tiny' ? 'bottom-right' : 'top-right'} data-density={layout.density} data-low={low} style={{ '--frame-top': `${layout.frame.y * layout.zoom}px` } as CSSProperties}
        defaultViewport={wholeStage({ layout, width, height })} onMoveEnd={onMoveEnd}
        {...(tall ? { translateExtent: [[0, 0], [layout.width, layout.height + moreBarPx / layout.zoom]] as [[number, number], [number, number]], panOnScroll: true, zoomOnScroll: false } : {})}
        onPaneClick={() => select(null)}
      >
        <Panel position="bottom-right" className={classes(css.zoom, !wasMoved && css.zoomQuiet)}>
          <Button look="quiet" aria-label="Zoom out" onClick={zoomOut}>−</Button>
          <Button look="quiet" onClick={fit} disabled={!wasMoved}>Fit</Button>
          <Button look="quiet" aria-label="Zoom in" onClick={zoomIn}>+</Button>
        </Panel>
        {wasMoved && width >= 620 && mass === undefined && <MiniMap position="bottom-right" className={css.miniMap} pannable zoomable ariaLabel="Where on the stage one is" nodeColor={miniColour} nodeStrokeColor="var(--line-strong)" nodeStrokeWidth={4} bgColor="var(--panel)" maskColor="color-mix(in srgb, var(--bg) 60%, transparent)" />}
        {mass !== undefined && <Suspense fallback={null}><MassLayer view={mass.view} grid={mass.grid} topPx={mass.topPx} onFly={flyTo} /></Suspense>}
        {tall && <MoreBar layout={layout} height={height} onFly={flyTo} />}
        <Departures />
        <MessageCanvas layout={layout} onDrawn={onDrawn} />
        <SelectionBar />
        <SpotlightBar />
        <FollowBar />
        {legend && <Suspense fallback={null}><Legend /></Suspense>}
      </ReactFlow>
    </div>
  );
}
