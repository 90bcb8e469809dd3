import { Fragment, memo } from 'react';
import type { ComponentRow } from '../../session/port/rows.ts';
import { requestStages } from '../../store/request-stage.ts';
import { viewOf } from '../../store/rows-view.ts';
import { slowText } from '../../store/words.ts';
import { classes, Glyph } from '../design/parts.tsx';
import { useApp, useSession } from '../shell/app-store.ts';
import type { Box } from './stage-plan.ts';
import css from './stage.module.css';
import { Thing } from './thing.tsx';

export interface ComponentData extends Record<string, unknown> { readonly address: string; readonly tray?: Box; readonly trayHidden?: number }
export interface SharedData extends ComponentData { readonly members: readonly { readonly address: string; readonly box: Box }[] }

/** A program of the control plane, or somebody outside. */
export const ComponentCard = memo(function ComponentCard({ data }: { readonly data: ComponentData }) {
  const row = useApp((state) => state.rows[`component/${data.address}`]);
  if (row?.type !== 'component') return null;
  const outside = row.where === 'outside';
  return (
    <Thing
      id={`component/${data.address}`} selection={{ type: 'component', address: data.address }} className={classes(css.component, outside && css.outside, !row.running && css.stopped)}
      label={`${outside ? 'you, with ' : ''}${row.name}, ${row.running ? row.line : 'stopped'}`}
    >
      <div className={css.componentHead}>
        {!outside && <Glyph sign={row.glyph} dim={!row.running} />}
        <div className={css.componentText}>
          {outside ? <b>you</b> : <ProgramName name={row.name} />}
          {outside && <code>{row.name}</code>}
          <span className={css.line}>{row.running ? breakable(row.line) : 'stopped'}{data.tray !== undefined && row.running && <Figures row={row} />}</span>
        </div>
      </div>
      {row.gauges.length > 0 && <AtWork row={row} />}
      {row.gauges.length > 0 && <Gauges row={row} />}
      {row.role === 'store' && <Quorum addresses={[row.address]} />}
      {!outside && row.role !== 'store' && data.tray === undefined && row.gauges.length === 0 && <Counters row={row} />}
      {data.tray !== undefined && <Tray box={data.tray} hidden={data.trayHidden ?? 0} />}
    </Thing>
  );
});

/** Several programs of one name behind one card: those who elect a leader, those who agree by quorum. */
export const SharedCard = memo(function SharedCard({ data }: { readonly data: SharedData }) {
  const row = useApp((state) => state.rows[`component/${data.address}`]);
  if (row?.type !== 'component') return null;
  return (
    <>
      <div className={classes(css.component, css.shared)}>
        <div className={css.componentHead}>
          <Glyph sign={row.glyph} />
          <div className={css.componentText}>
            <ProgramName name={row.name} />
            {row.role === 'store' ? <Quorum addresses={data.members.map(({ address }) => address)} /> : <span className={css.line}>{data.members.length} of them</span>}
          </div>
        </div>
        {data.tray !== undefined && <Tray box={data.tray} hidden={data.trayHidden ?? 0} />}
      </div>
      {data.members.map(({ address, box }) => <Member key={address} address={address} box={box} />)}
    </>
  );
});

const Member = memo(function Member({ address, box }: { readonly address: string; readonly box: Box }) {
  const row = useApp((state) => state.rows[`component/${address}`]);
  const host = useApp((state) => state.rows[`host/${address.slice(0, address.indexOf('/'))}`]);
  if (row?.type !== 'component') return null;
  const does = row.running ? String(row.counters['role'] ?? row.line) : 'stopped';
  const [word, short] = host?.type !== 'host' ? ['', ''] : !host.powered ? ['no power', 'no power'] : host.partitioned ? ['cut off', 'cut off'] : host.slowUs > 0 ? [slowText(host.slowUs), 'slow'] : ['', ''];
  return (
    <Thing
      id={`component/${address}`} selection={{ type: 'component', address }} className={classes(css.chip, !row.running ? classes(css.stopped, css.gone) : short === 'slow' ? css.slow : short !== '' && css.cut, does === 'leader' && css.leads)}
      label={`${row.name} on ${row.host}, ${does}${word === '' ? '' : `, ${word}`}`} style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <b>{memberName(row.host, box.width)}</b>
      {box.height >= 34 && <span className={css.chipLine}>{memberLine(does, short, box.width)}</span>}
    </Thing>
  );
});

/** The end of a name tells it from the others. */
function memberName(host: string, width: number): string {
  const end = host.slice(host.lastIndexOf('-'));
  return host.length * (width > 92 ? 8 : 7) <= width - 7 ? host : end.length * 8 + 10 <= width - 8 ? `…${end}` : end.slice(1);
}

/** In little room: what is wrong with its machine, else what is not said of nearly all. */
function memberLine(does: string, trouble: string, width: number): string {
  if (width >= 62 + (trouble === '' ? 0 : 8 * trouble.length)) return trouble === '' ? does : `${does}, ${trouble}`;
  return trouble !== '' ? trouble : does === 'follower' ? '' : does === 'stopped' ? 'down' : does;
}

/** So many of them are up, and so many must be for anything to be stored. */
function Quorum({ addresses }: { readonly addresses: readonly string[] }) {
  const up = useApp((state) => addresses.map((address) => {
    const row = state.rows[`component/${address}`];
    return row?.type === 'component' && row.running ? '1' : '0';
  }).join(''));
  const running = [...up].filter((each) => each === '1').length;
  const least = Math.floor(addresses.length / 2) + 1;
  return (
    <span className={classes(css.quorum, running < least && css.noQuorum)} title={`${running} of ${addresses.length} up; a quorum is ${least}`}>
      <span className={css.cells} aria-hidden="true">{[...up].map((each, index) => <i key={index} className={classes(each === '1' && css.full)} />)}</span>
      <span>{running < least ? 'no quorum' : <span className={css.quorumWord}>quorum</span>} {running} of {addresses.length}</span>
    </span>
  );
}

/** Where there is little room a name may go without the prefix that nearly all have. */
const ProgramName = ({ name }: { readonly name: string }) => <b>{name.startsWith('kube-') ? <><span className={css.prefix}>kube-</span>{name.slice(5)}</> : name}</b>;

/** What it counts just now, in one line. */
const Figures = ({ row }: { readonly row: ComponentRow }) => (
  <span className={css.figures}>{Object.entries(row.counters).filter(([name, value]) => typeof value === 'number' && value > 0 && !row.line.includes(name)).slice(0, 4).map(([name, value]) => `${name} ${value}`).join(' · ')}</span>
);

/** Which of the workers inside it have something to do. */
function AtWork({ row }: { readonly row: ComponentRow }) {
  const inside = Object.entries(row.counters);
  const busy = inside.filter(([, value]) => typeof value === 'number' && value > 0);
  return (
    <p className={css.atWork}>
      {busy.map(([name, value]) => <span key={name} className={css.busy}>{name.replace(/-controller$/, '')} {value}</span>)}
      <span>{busy.length === 0 ? `${inside.length} controllers, all idle` : `+ ${inside.length - busy.length} idle`}</span>
    </p>
  );
}

/** `deployment.apps/web created` may go on in the next line after the slash. */
const breakable = (line: string) => line.split(/(?<=\/)/).map((part, index) => <Fragment key={index}>{index > 0 && <wbr />}{part}</Fragment>);

/** Where there is not room for all, what is not as it should be comes first. */
const unmetFirst = (gauges: ComponentRow['gauges']): ComponentRow['gauges'] => [...gauges.filter((gauge) => gauge.desired !== gauge.actual), ...gauges.filter((gauge) => gauge.desired === gauge.actual)];

const Gauges = ({ row }: { readonly row: ComponentRow }) => (
  <ul className={css.gauges}>
    {unmetFirst(row.gauges).slice(0, 4).map(({ name, desired, actual }) => (
      <li key={name} title={`${name}: ${actual} of ${desired}`}>
        <GaugeName name={name.replace(/\bdefault\//, '')} figure={`${actual}/${desired}`} />
        <span className={css.track}><span className={classes(css.fill, desired === actual ? css.full : css.short)} style={{ transform: `scaleX(${desired === 0 ? (actual === 0 ? 1 : 0) : Math.min(1, actual / desired)})` }} /></span>
      </li>
    ))}
  </ul>
);

/** As kubectl abbreviates them. */
const shortKinds: Readonly<Record<string, string>> = { deployment: 'deploy', replicaset: 'rs', statefulset: 'sts', daemonset: 'ds', endpoints: 'ep' };

/** The end of a name tells it from others: where there is no room for all of it, its middle is cut. */
function GaugeName({ name, figure }: { readonly name: string; readonly figure: string }) {
  const space = name.indexOf(' ');
  const [kind, own] = [name.slice(0, space), name.slice(space)];
  const dash = own.lastIndexOf('-');
  const at = dash > 0 && own.length - dash <= 12 ? dash : 0;
  return (
    <span className={css.gaugeName}>
      <span><span className={css.longKind}>{kind}</span><span className={css.shortKind}>{shortKinds[kind] ?? kind}</span>{own.slice(0, at)}</span><span>{own.slice(at)}</span>
      <span className={css.gaugeFigure}>{figure}</span>
    </span>
  );
}

const Counters = ({ row }: { readonly row: ComponentRow }) => {
  const counters = Object.entries(row.counters).filter(([name]) => !row.line.includes(name)).slice(0, 3);
  return counters.length === 0 ? null : <p className={css.counters}>{counters.map(([name, value]) => `${name} ${value}`).join(' · ')}</p>;
};

const lineHigh = 18;

/** Where Pods wait that no node has yet. */
function Tray({ box, hidden }: { readonly box: Box; readonly hidden: number }) {
  const waiting = useApp((state) => viewOf(state.rows).podsByNode.get('')?.length ?? 0);
  return (
    <>
      {waiting > 0 && <span className={css.waits}>{waiting} {waiting === 1 ? 'waits' : 'wait'}<span className={css.waitsFor}> for a node</span>{hidden > 0 ? ` (+${hidden})` : ''}</span>}
      <div className={css.tray} style={{ left: box.x - 4, top: box.y - 4, width: box.width + 8, height: box.height + 6 }}>{waiting === 0 && box.height >= lineHigh && <span>no Pod waits for a node</span>}</div>
    </>
  );
}

/** Everybody's only door: the API server, or what stands before several of them. */
export const Spine = memo(function Spine({ data }: { readonly data: ComponentData }) {
  const row = useApp((state) => state.rows[`component/${data.address}`]);
  const session = useSession();
  // It follows from the playhead, which moves with each state of the store.
  const lit = useApp(() => session.act.requestStage(data.address));
  if (row?.type !== 'component') return null;
  return (
    <Thing id={`component/${data.address}`} selection={{ type: 'component', address: data.address }} className={classes(css.spine, !row.running && css.stopped)} label={`${row.name}, ${row.running ? row.line : 'stopped'}`}>
      <Glyph sign={row.glyph} size={36} dim={!row.running} />
      <div className={css.spineText}><b>{row.name}</b><span className={css.line}>{row.running ? row.line : 'stopped'}</span></div>
      {row.role === 'balancer' ? (
        <ul className={classes(css.stages, css.servers)}>{Object.entries(row.counters).map(([name, state]) => <li key={name}>{name} <b>{state}</b></li>)}</ul>
      ) : (
        <ol className={css.stages} aria-hidden="true">
          {requestStages.map((stage) => <li key={stage} className={classes(lit === stage && css.lit)} data-stage={stage}>{stage}</li>)}
        </ol>
      )}
    </Thing>
  );
});
