import type { TakenTransition } from '../../../session/port/activity.ts';
import type { ChartView } from '../../../session/port/protocol.ts';
import { classes } from '../../design/parts.tsx';
import css from '../inspector.module.css';

interface Placed { readonly id: string; readonly label: string; readonly depth: number; readonly y: number; readonly height: number; readonly active: boolean; readonly initial: boolean; readonly leaf: boolean; readonly parallel: boolean }

const rowHeight = 34;
const step = 14;
const boxWidth = 230;

/** States from top to bottom, those inside others drawn inside them. */
function place(chart: ChartView): { placed: Placed[]; height: number } {
  const placed: Placed[] = [];
  let y = 4;
  const visit = (parent: string, depth: number): void => {
    for (const state of chart.states.filter((each) => each.parent === parent)) {
      const leaf = !chart.states.some((each) => each.parent === state.id);
      const top = y;
      const at = placed.length;
      y += leaf ? rowHeight : 26;
      visit(state.id, depth + 1);
      if (!leaf) y += 6;
      placed.splice(at, 0, { id: state.id, label: state.label, depth, y: top, height: y - top - 6, active: state.active, initial: state.initial, leaf, parallel: state.parallel });
    }
  };
  visit('', 0);
  return { placed, height: y };
}

type Transition = ChartView['transitions'][number];

/** Whether it is one of those that the last event took. */
const isLast = (transition: Transition, last: readonly TakenTransition[]): boolean =>
  last.some(({ from, to, on, guard }) => transition.from === from && transition.to === to && transition.guard === guard && (transition.on === on || (on === 'after' && transition.on.startsWith('after'))));

/** The statechart as the machine itself tells it; the active states are lit, and so are the transitions that were taken last. */
export function ChartPicture({ chart, last = [] }: { readonly chart: ChartView; readonly last?: readonly TakenTransition[] }) {
  const { placed, height } = place(chart);
  const byId = new Map(placed.map((state) => [state.id, state]));
  const arrows = [...new Map(chart.transitions.filter((each) => each.from !== '' && each.to !== '' && each.from !== each.to).map((each) => [`${each.from}>${each.to}`, each])).values()];
  return (
    <figure className={css.chart}>
      <svg viewBox={`0 0 400 ${height}`} width="100%" aria-hidden="true">
        <defs><marker id="chart-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="var(--line-strong)" /></marker></defs>
        {placed.map((state) => (
          <g key={state.id} className={classes(css.state, state.active && css.active)}>
            <rect x={4 + state.depth * step} y={state.y} width={boxWidth - state.depth * step * 2} height={state.height} rx="8" strokeDasharray={state.parallel ? '5 4' : undefined} />
            {state.initial && <circle cx={4 + state.depth * step} cy={state.y + 13} r="3.5" />}
            <text x={16 + state.depth * step} y={state.y + 18}>{state.label}</text>
          </g>
        ))}
        {arrows.map((arrow, index) => {
          const [from, to] = [byId.get(arrow.from), byId.get(arrow.to)];
          if (from === undefined || to === undefined) return null;
          const [y1, y2] = [from.y + Math.min(14, from.height / 2) + (index % 3) * 3, to.y + Math.min(14, to.height / 2) - (index % 3) * 3];
          const [x1, x2] = [4 + boxWidth - from.depth * step, 6 + boxWidth - to.depth * step];
          const bulge = Math.min(150, 24 + Math.abs(y2 - y1) * 0.35 + (index % 4) * 8);
          return <path key={index} className={classes(css.arrow, chart.transitions.some((each) => each.from === arrow.from && each.to === arrow.to && isLast(each, last)) && css.lastArrow)} d={`M${x1} ${y1} C${x1 + bulge} ${y1} ${x2 + bulge} ${y2} ${x2} ${y2}`} markerEnd="url(#chart-arrow)"><title>{`${arrow.on}${arrow.guard === undefined ? '' : ` [${arrow.guard}]`}`}</title></path>;
        })}
      </svg>
      <figcaption>
        {placed.filter((state) => state.active && state.leaf).map((state) => (
          <Ways key={state.id} title={`While ${state.label}`} transitions={chart.transitions.filter((each) => each.from === state.id)} last={last} labelOf={(id) => byId.get(id)?.label} />
        ))}
        <Ways title="In any state" transitions={chart.transitions.filter((each) => each.from === '')} last={last} labelOf={(id) => byId.get(id)?.label} />
      </figcaption>
    </figure>
  );
}

interface WaysProps { readonly title: string; readonly transitions: readonly Transition[]; readonly last: readonly TakenTransition[]; readonly labelOf: (id: string) => string | undefined }

/** What is done at which event. */
function Ways({ title, transitions, last, labelOf }: WaysProps) {
  if (transitions.length === 0) return null;
  return (
    <>
      <b>{title}</b>
      <ul>{transitions.map((each, index) => (
        <li key={index} className={classes(isLast(each, last) && css.lastWay)}>
          {isLast(each, last) && <span className={css.lastWord}>last taken</span>}
          <code>{each.on}</code>{each.guard !== undefined && <> if <i>{each.guard}</i></>}{each.actions.length > 0 && <> → {each.actions.join(', ')}</>}{each.to !== '' && each.to !== each.from && <> → <b>{labelOf(each.to)}</b></>}
        </li>
      ))}</ul>
    </>
  );
}
