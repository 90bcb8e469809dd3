import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { CausalSpan } from '../../session/port/causality.ts';
import { clockText, durationText } from '../../store/words.ts';
import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import css from './causality.module.css';
import { axisHeight, layWaterfall, placeOf, rowHeight, topOf } from './lay-waterfall.ts';
import type { AxisPart, Lane, PlacedSpan, Waterfall as Fall } from './lay-waterfall.ts';
import { lineOf, neighbourOf } from './span-walk.ts';

const leastWidth = 360;
const barHeight = rowHeight - 4;

interface Props { readonly spans: readonly CausalSpan[]; readonly picked: number; readonly onPick: (id: number) => void }

/** Spans over virtual time, a lane for each component, as a distributed trace shows them. The list below it tells the same. */
export function Waterfall({ spans, picked, onPick }: Props) {
  const fall = useMemo(() => layWaterfall(spans, leastWidth), [spans]);
  const line = useMemo(() => lineOf(spans, picked), [spans, picked]);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const left = fall.lanes.flatMap((lane) => lane.spans).find(({ span }) => span.id === picked)?.left;
    const box = scroll.current;
    if (box !== null && left !== undefined && (left < box.scrollLeft || left > box.scrollLeft + box.clientWidth - 24)) box.scrollLeft = left - box.clientWidth / 2;
  }, [picked, fall]);
  const onKey = (event: KeyboardEvent): void => {
    const next = neighbourOf(spans, picked, event.key);
    if (next === undefined) return;
    event.preventDefault();
    // The arrows belong to the waterfall here, not to the time bar.
    event.stopPropagation();
    onPick(next.id);
  };
  return (
    <div className={css.fall}>
      <div className={css.names} aria-hidden="true" style={{ height: fall.height }}>
        {fall.lanes.map((lane) => <LaneName key={lane.address} lane={lane} />)}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- one tab stop for all spans; the arrow keys lead on from it */}
      <div ref={scroll} className={css.scroll} role="group" tabIndex={0} onKeyDown={onKey} aria-label="Waterfall. Left and right go through time, up to the cause, down to the first thing it caused.">
        <svg width={fall.width} height={fall.height} aria-hidden="true">
          {fall.lanes.map((lane) => <rect key={lane.address} className={css.lane} x={0} y={lane.top} width={fall.width} height={laneHeight(fall, lane)} />)}
          {fall.parts.filter(({ folded }) => folded).map((part) => <Fold key={part.fromUs} part={part} height={fall.height} />)}
          <Links fall={fall} line={line} />
          {fall.lanes.flatMap((lane) => lane.spans.map((placed) => (
            <Bar key={placed.span.id} placed={placed} top={topOf(lane, placed)} look={placed.span.id === picked ? css.picked : line.has(placed.span.id) || picked === spans[0]?.id ? undefined : css.aside} onPick={onPick} />
          )))}
          <text className={css.axis} x={2} y={17}>{spans[0] !== undefined && clockText(spans[0].atUs)}</text>
          <Playhead parts={fall.parts} height={fall.height} />
        </svg>
      </div>
    </div>
  );
}

const laneHeight = (fall: Fall, lane: Lane): number => (fall.lanes[fall.lanes.indexOf(lane) + 1]?.top ?? fall.height) - lane.top;

function LaneName({ lane }: { readonly lane: Lane }) {
  const [host = '', name = lane.address] = lane.address.split('/');
  const plain = host === 'outside' || host.startsWith('control-plane') || lane.address === 'you';
  return <span className={css.name} style={{ top: lane.top + 4 }} title={lane.address}>{plain ? name : <>{name} <small>{host}</small></>}</span>;
}

const Fold = ({ part, height }: { readonly part: AxisPart; readonly height: number }) => (
  <g>
    <rect className={css.fold} x={part.left} y={0} width={part.width} height={height} />
    <text className={css.axis} x={part.left + part.width / 2} y={17} textAnchor="middle">» {durationText(part.toUs - part.fromUs).replace(/ m .*/, ' m')}</text>
  </g>
);

/** From each span of the picked one's line to the next. */
function Links({ fall, line }: { readonly fall: Fall; readonly line: ReadonlySet<number> }) {
  const ends = new Map<number, { readonly left: number; readonly y: number; readonly parentId: number }>();
  for (const lane of fall.lanes) {
    for (const placed of lane.spans) if (line.has(placed.span.id)) ends.set(placed.span.id, { left: placed.left, y: topOf(lane, placed) + barHeight / 2, parentId: placed.span.parentId });
  }
  return [...ends].map(([id, { left, y, parentId }]) => {
    const cause = ends.get(parentId);
    return cause === undefined ? null : <path key={id} className={css.link} d={`M${cause.left} ${cause.y} L${cause.left} ${(cause.y + y) / 2} L${left} ${(cause.y + y) / 2} L${left} ${y}`} />;
  });
}

/** A message is a bar, a timer a dashed frame, a note a dot, a command a square; what failed is crossed out. */
function Bar({ placed: { span, left, width }, top, look, onPick }: { readonly placed: PlacedSpan; readonly top: number; readonly look: string | undefined; readonly onPick: (id: number) => void }) {
  const y = top + barHeight / 2;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the group around it has the keys
    <g className={classes(css.span, css[span.kind], look)} data-span={span.id} onClick={() => onPick(span.id)}>
      <title>{`${span.title}: ${span.sentence}`}</title>
      <rect className={css.hit} x={left - 2} y={top - 2} width={width + 4} height={rowHeight} />
      {span.what === 'message' && <rect className={css.mark} x={left} y={top} width={width} height={barHeight} rx={2.5} />}
      {span.what === 'timer' && <rect className={css.timer} x={left + 0.75} y={top + 1.5} width={Math.max(1, width - 1.5)} height={barHeight - 3} rx={2.5} />}
      {span.what === 'note' && <circle className={css.mark} cx={left + 3} cy={y} r={3} />}
      {span.what === 'command' && <rect className={css.mark} x={left} y={top} width={barHeight} height={barHeight} />}
      {!span.ok && <path className={css.bad} d={`M${left - 1} ${top - 1} l${barHeight + 2} ${barHeight + 2} m0 ${-barHeight - 2} l${-barHeight - 2} ${barHeight + 2}`} />}
    </g>
  );
}

function Playhead({ parts, height }: { readonly parts: readonly AxisPart[]; readonly height: number }) {
  const x = useApp((state) => Math.round(placeOf(parts, state.playheadUs)));
  return <line className={css.playhead} data-playhead x1={x + 0.5} x2={x + 0.5} y1={axisHeight - 4} y2={height} />;
}
