import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import css from './lens.module.css';
import { StateShape, toneOf } from './pod-card.tsx';
import type { Box } from './stage-plan.ts';
import { Thing } from './thing.tsx';
import { truthsAt } from './two-truths.ts';
import type { TwoTruths } from './two-truths.ts';

const [linePx, samePx, differingPx] = [21, 46, 66];

function countFitting(pods: readonly TwoTruths[], heightPx: number): number {
  let [count, left] = [0, heightPx];
  for (const { difference } of pods) {
    left -= difference === '' ? samePx : differingPx;
    if (left < -4) break;
    count += 1;
  }
  return count;
}

/** The lens: on each node, what etcd believes in one column and what is so in the other. What differs is lit and said. */
export default function LensTable({ node, area }: { readonly node: string; readonly area: Box }) {
  const truths = useApp((state) => JSON.stringify(truthsAt(state.rows, node)));
  const { node: self, pods } = JSON.parse(truths) as ReturnType<typeof truthsAt>;
  // Where there is not room for all, the Pods come first.
  const lines = Math.min(2, Math.max(0, Math.floor((area.height - differingPx) / linePx)));
  const shown = pods.slice(0, countFitting(pods, area.height - lines * linePx));
  const hidden = pods.length - shown.length;
  return (
    <section className={css.lens} style={{ left: area.x, top: area.y, width: area.width, height: area.height }} aria-label={`Two truths about ${node}`}>
      {lines > 1 && <div className={css.columns}><b>etcd believes</b><b>so on the node</b></div>}
      {lines > 0 && <div className={classes(css.columns, self.differ && css.differs)}><span>{lines === 1 && 'etcd: '}{self.believed}</span><span>{lines === 1 && 'here: '}{self.real}</span></div>}
      {shown.map((each) => <Row key={each.key} truths={each} />)}
      {hidden > 0 && <p className={css.more}>+{hidden} more</p>}
    </section>
  );
}

function Row({ truths }: { readonly truths: TwoTruths }) {
  const { key, name, namespace, pod, believed, real, runs, difference } = truths;
  const body = (
    <>
      <b className={css.name}>{name}</b>
      <div className={css.columns}>
        <span>{pod !== undefined && <StateShape tone={toneOf(pod)} />}<span>{believed}</span></span>
        <span><StateShape tone={runs ? 'good' : real.startsWith('exited') || real === 'no power' ? 'bad' : 'waiting'} /><span>{real}</span></span>
      </div>
      {difference !== '' && <p className={css.said}>{difference}</p>}
    </>
  );
  const className = classes(css.row, difference !== '' && css.differing);
  if (pod === undefined) return <div className={className} title={difference}>{body}</div>;
  return (
    <Thing id={key} className={className} label={`Pod ${name}: ${difference === '' ? `etcd and the node agree: ${believed}` : difference}`} selection={{ type: 'object', key, apiVersion: 'v1', kind: 'Pod', namespace, name }}>
      {body}
    </Thing>
  );
}
