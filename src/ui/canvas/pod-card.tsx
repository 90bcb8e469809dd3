import { memo } from 'react';
import type { PodRow } from '../../session/port/rows.ts';
import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import { useFarewell } from './farewell.ts';
import type { PodSize } from './layout.ts';
import css from './pod.module.css';
import type { Box } from './stage-plan.ts';
import { Thing } from './thing.tsx';

export type Tone = 'good' | 'waiting' | 'bad' | 'done' | 'leaving';

/** How a Pod is, as one of five shapes; the word beside it says exactly. */
export function toneOf(pod: PodRow): Tone {
  if (pod.deleting) return 'leaving';
  if (pod.phase === 'Failed' || pod.phase === 'Unknown' || /BackOff|Err|Error|Evicted|OOMKilled|Invalid/.test(pod.status)) return 'bad';
  if (pod.phase === 'Succeeded') return 'done';
  return pod.phase === 'Running' && pod.status === 'Running' ? 'good' : 'waiting';
}

/** The shape of a state: full disc, ring, cross, tick, broken ring. */
export function StateShape({ tone, size = 13 }: { readonly tone: Tone; readonly size?: number }) {
  const colour = { good: 'var(--good)', waiting: 'var(--watch)', bad: 'var(--bad)', done: 'var(--ink-3)', leaving: 'var(--cri)' }[tone];
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={{ flex: 'none', overflow: 'visible' }}>
      {tone === 'good' && <circle cx="8" cy="8" r="7" fill={colour} />}
      {tone === 'waiting' && <circle cx="8" cy="8" r="6" fill="none" stroke={colour} strokeWidth="2.4" />}
      {tone === 'leaving' && <circle cx="8" cy="8" r="6" fill="none" stroke={colour} strokeWidth="2.4" strokeDasharray="4 3" />}
      {tone === 'bad' && <path d="M3 3l10 10M13 3L3 13" stroke={colour} strokeWidth="3" strokeLinecap="round" />}
      {tone === 'done' && <path d="M2.5 8.5l4 4 7-9" fill="none" stroke={colour} strokeWidth="2.6" strokeLinecap="round" />}
    </svg>
  );
}

const sentenceOf = (pod: PodRow): string =>
  `Pod ${pod.name}, ${pod.status}${pod.phase === 'Succeeded' ? '' : pod.ready ? ', ready' : ', not ready'}${pod.restarts > 0 ? `, ${pod.restarts} restarts` : ''}, ${pod.node === '' ? 'on no node' : `on ${pod.node}`}${pod.message === '' ? '' : `: ${pod.message}`}`;

/** One Pod, as large as there is room for it. */
export const PodCard = memo(function PodCard({ podKey, size, x, y, width, height }: { readonly podKey: string; readonly size: PodSize } & Box) {
  const row = useApp((state) => state.rows[podKey]);
  useFarewell(podKey, row?.type === 'pod' ? row : undefined, size, { x, y, width, height });
  if (row?.type !== 'pod') return null;
  const tone = toneOf(row);
  return (
    <Thing
      id={podKey} label={sentenceOf(row)} className={classes(css.pod, css[size], css[tone], !row.ready && tone === 'good' && css.unready)}
      selection={{ type: 'object', key: podKey, apiVersion: 'v1', kind: 'Pod', namespace: row.namespace, name: row.name }}
    >
      <PodFace pod={row} size={size} />
    </Thing>
  );
});

/** What is written on it. */
export function PodFace({ pod, size }: { readonly pod: PodRow; readonly size: PodSize }) {
  const tone = toneOf(pod);
  if (size === 'cell') return <StateShape tone={tone} />;
  return size === 'chip' ? <><StateShape tone={tone} /><b className={css.name}>{shortName(pod)}</b></> : <Wide pod={pod} tone={tone} card={size === 'card'} />;
}

/** Where there is little room, the part of the name that tells one Pod from its siblings comes first. */
function shortName(pod: PodRow): string {
  const short = `${pod.name.split('-')[0]!.slice(0, 8)}…${pod.name.slice(ownerOf(pod).length + 1)}`;
  return ownerOf(pod) === '' || short.length >= pod.name.length ? pod.name : short;
}

/** The owner's name where the Pod's begins with it (`ownerName` is `ReplicaSet/web-7d4`), else nothing. */
function ownerOf(pod: PodRow): string {
  const name = pod.ownerName.slice(pod.ownerName.indexOf('/') + 1);
  return name !== '' && pod.name.startsWith(`${name}-`) ? name : '';
}

/** Siblings differ in the end of their names: where there is no room for all of it, the beginning is cut. */
function Name({ pod }: { readonly pod: PodRow }) {
  const owner = ownerOf(pod);
  return owner !== '' ? <b className={css.twoPart}><span className={css.name}>{owner}</span><span>{pod.name.slice(owner.length)}</span></b> : <b className={css.name}>{pod.name}</b>;
}

function Wide({ pod, tone, card }: { readonly pod: PodRow; readonly tone: Tone; readonly card: boolean }) {
  return (
    <>
      <Name pod={pod} />
      <span className={css.status}>
        <StateShape tone={tone} />
        <span className={css.word}>{pod.status}</span>
        {pod.restarts > 0 && <span className={css.restarts}>↻{pod.restarts}</span>}
        {pod.namespace !== 'default' && <span className={css.space} title={`namespace ${pod.namespace}`}>{pod.namespace}</span>}
        {!card && <Ready pod={pod} />}
      </span>
      {card && (
        <span className={css.foot}>
          {pod.containers.filter((container) => !container.init).slice(0, 2).map((container) => (
            <span key={container.name} className={classes(css.container, container.state === 'running' && css.runs, container.state === 'terminated' && css.ended)}>{container.name}</span>
          ))}
          {pod.containers.length > 2 && <span className={css.more}>+{pod.containers.length - 2}</span>}
          <Ready pod={pod} />
        </span>
      )}
    </>
  );
}

/** Of what has done its work nobody expects more. */
const Ready = ({ pod }: { readonly pod: PodRow }) => pod.phase !== 'Succeeded' && <span className={classes(css.ready, pod.ready && css.isReady)}>{pod.ready ? 'ready' : 'not ready'}</span>;
