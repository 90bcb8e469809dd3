import { lazy, memo, Suspense } from 'react';
import type { NodeRow } from '../../session/port/rows.ts';
import { requestedOf, viewOf } from '../../store/rows-view.ts';
import { slowText } from '../../store/words.ts';
import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import type { Density } from './layout.ts';
import type { Box } from './stage-plan.ts';
import { cpuText, memoryText, usedText } from './quantities.ts';
import css from './stage.module.css';
import { Thing } from './thing.tsx';

export interface HostData extends Record<string, unknown> {
  readonly name: string;
  readonly chips: readonly { readonly address: string; readonly box: Box }[];
  readonly hidden: number;
  /** Where the name and bars begin, below the programs. */
  readonly headTop: number;
  /** Where its Pods stand. */
  readonly area: Box;
  readonly density: Density;
}

const LensTable = lazy(() => import('./lens-table.tsx'));

/** One machine: its programs on its upper edge, what has been requested of it, and room for its Pods. */
export const HostCard = memo(function HostCard({ data }: { readonly data: HostData }) {
  const host = useApp((state) => state.rows[`host/${data.name}`]);
  const node = useApp((state) => state.rows[`object/Node//${data.name}`]) as NodeRow | undefined;
  const lens = useApp((state) => state.view.lens);
  const off = host?.type === 'host' && !host.powered;
  const cut = host?.type === 'host' && host.partitioned;
  const slowUs = host?.type === 'host' ? host.slowUs : 0;
  const { word, short, tone } = stateOf(node, off, cut, slowUs, data.density === 'tiny');
  return (
    <>
      <Thing
        id={`object/Node//${data.name}`} className={classes(css.host, off && css.off, cut && css.cut, slowUs > 0 && css.slow, data.density === 'tiny' && css.tinyHost)}
        label={`Node ${data.name}, ${word}`}
        selection={{ type: 'object', key: `object/Node//${data.name}`, apiVersion: 'v1', kind: 'Node', namespace: '', name: data.name }}
      >
        <div className={css.hostHead} style={{ top: data.headTop }}>
          <div className={css.hostLine}>
            <HostName name={data.name} />
            <span className={classes(css.hostState, css[tone])}>{shapes[tone]} {short}</span>
          </div>
          {!lens && (node === undefined ? <p className={css.note}>not registered with the API server</p> : off || cut || node.ready !== 'True' ? <Apart name={data.name} node={node} off={off} /> : <Bars name={data.name} node={node} />)}
        </div>
        {data.hidden > 0 && <span className={css.hiddenPods}>+{data.hidden} Pods</span>}
      </Thing>
      {lens && <Suspense fallback={null}><LensTable node={data.name} area={{ ...data.area, y: data.headTop + 26, height: data.area.y + data.area.height - data.headTop - 26 }} /></Suspense>}
      {data.chips.map(({ address, box }) => <Chip key={address} address={address} box={box} roomy={data.density === 'roomy'} />)}
    </>
  );
});

/** The end of a machine's name tells it from the others: where there is no room for all of it, its middle is cut. */
function HostName({ name }: { readonly name: string }) {
  const dash = name.lastIndexOf('-');
  const at = dash > 0 && name.length - dash <= 5 ? dash : name.length;
  return <b className={css.hostName}><span>{name.slice(0, at)}</span><span>{name.slice(at)}</span></b>;
}

const shapes = { good: '●', bad: '✕', waiting: '○' } as const;

const believedOf = (node: NodeRow | undefined): string => (node === undefined ? 'unknown' : node.ready === 'True' ? 'Ready' : node.ready === 'False' ? 'NotReady' : 'Unknown');

/** How a machine is, in full and in the words there is room for. */
function stateOf(node: NodeRow | undefined, off: boolean, cut: boolean, slowUs: number, tiny: boolean): { word: string; short: string; tone: keyof typeof shapes } {
  const believed = believedOf(node);
  const cordoned = node?.unschedulable === true ? ' · cordoned' : '';
  if (off) return { word: `powered off · API: ${believed}`, short: 'powered off', tone: 'bad' };
  if (cut) return { word: `cut off · API: ${believed}`, short: 'cut off', tone: 'bad' };
  if (slowUs > 0) return { word: `${believed}${cordoned} · ${slowText(slowUs)}`, short: node?.ready !== 'True' ? believed : tiny ? 'slow' : slowText(slowUs), tone: node?.ready === 'True' ? 'waiting' : 'bad' };
  return { word: believed + cordoned, short: believed + cordoned, tone: node?.ready === 'True' ? (cordoned === '' ? 'good' : 'waiting') : 'bad' };
}

function Bars({ name, node }: { readonly name: string; readonly node: NodeRow }) {
  const sums = useApp((state) => {
    const sum = requestedOf(state.rows, name);
    const used = viewOf(state.rows).truths.get(name)?.used;
    return `${sum.cpuMillis} ${sum.memoryBytes} ${used?.cpuMillis ?? 0} ${used?.memoryBytes ?? 0}`;
  });
  const [cpu = 0, memory = 0, usedCpu = 0, usedMemory = 0] = sums.split(' ').map(Number);
  return (
    <div className={css.bars}>
      <Bar label="cpu" requested={cpuText(cpu)} of={cpuText(node.cpuMillis)} share={cpu / node.cpuMillis} used={usedText('cpu', usedCpu)} usedShare={usedCpu / node.cpuMillis} />
      <Bar label="memory" requested={memoryText(memory)} of={memoryText(node.memoryBytes)} share={memory / node.memoryBytes} used={usedText('memory', usedMemory)} usedShare={usedMemory / node.memoryBytes} />
    </div>
  );
}

interface BarProps { readonly label: string; readonly requested: string; readonly of: string; readonly share: number; readonly used: string; readonly usedShare: number }

const upTo = (share: number): number => Math.min(1, Number.isFinite(share) ? share : 0);

/** The wide bar is what is requested, the thin one in it what is used. */
const Bar = ({ label, requested, of, share, used, usedShare }: BarProps) => (
  <div className={css.bar} title={`${label}: ${requested} requested and ${used} used of ${of} allocatable`}>
    <span className={css.barLabel}>{label}</span>
    <span className={css.barFigure}><span className={css.usedFigure}>{used} used · </span>{requested} / {of}</span>
    <span className={css.track}>
      <span className={css.fill} style={{ transform: `scaleX(${upTo(share)})` }} />
      {usedShare > 0 && <span className={css.used} style={{ width: `${100 * upTo(usedShare)}%` }} />}
    </span>
  </div>
);

/** What the API believes and what is so may differ here: both are said, in place of the bars. */
function Apart({ name, node, off }: { readonly name: string; readonly node: NodeRow; readonly off: boolean }) {
  const believed = useApp((state) => (viewOf(state.rows).podsByNode.get(name) ?? []).filter((pod) => pod.phase === 'Running').length);
  const running = useApp((state) => {
    const truth = viewOf(state.rows).truths.get(name);
    return truth === undefined ? -1 : off ? 0 : new Set(truth.containers.filter((container) => container.running).map((container) => `${container.namespace}/${container.pod}`)).size;
  });
  return (
    <p className={css.truth}>
      <span>API server: {believedOf(node)} · {believed} running</span>
      {running >= 0 && <b>really running here: {running}</b>}
    </p>
  );
}

/** No letter of a program's name is wider. */
const letterPx = 8.6;

const Chip = memo(function Chip({ address, box, roomy }: { readonly address: string; readonly box: Box; readonly roomy: boolean }) {
  const row = useApp((state) => state.rows[`component/${address}`]);
  if (row?.type !== 'component') return null;
  return (
    <Thing
      id={`component/${address}`} selection={{ type: 'component', address }} className={classes(css.chip, row.name.length * letterPx > box.width - 8 && css.cutName, !row.running && css.stopped)}
      label={`${row.name} on ${row.host}, ${row.running ? row.line : 'stopped'}`} style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <b>{row.name}</b>
      {roomy && <span className={css.chipLine}>{row.running ? row.line : 'stopped'}</span>}
    </Thing>
  );
});
