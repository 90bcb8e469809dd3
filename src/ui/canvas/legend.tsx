import type { ReactNode } from 'react';
import { Button } from '../design/parts.tsx';
import { useActions } from '../shell/app-store.ts';
import { messageKinds, outlines } from './message-kinds.ts';
import css from './legend.module.css';
import { StateShape } from './pod-card.tsx';
import type { Tone } from './pod-card.tsx';

const podStates: readonly { readonly tone: Tone; readonly words: string }[] = [
  { tone: 'good', words: 'Running' },
  { tone: 'waiting', words: 'Pending, starting' },
  { tone: 'bad', words: 'Error, CrashLoopBackOff' },
  { tone: 'leaving', words: 'Terminating' },
  { tone: 'done', words: 'Completed' },
];

const Drawing = ({ children }: { readonly children: ReactNode }) => <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">{children}</svg>;

/** What the signs on the stage mean, made from what draws them. */
export default function Legend() {
  const { look } = useActions();
  return (
    <section className={css.legend} aria-label="Legend">
      <Button className={css.close} look="quiet" aria-label="Close the legend" onClick={() => look({ legend: false })}>✕</Button>
      <div>
        <h2>Messages</h2>
        <ul>
          {Object.values(messageKinds).map(({ name, shape, colour }) => (
            <li key={name}><svg width="18" height="18" viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true"><path d={outlines[shape]} fill={`var(${colour})`} fillRule="evenodd" /></svg>{name}</li>
          ))}
          <li><Drawing><path d="M-5 -5L5 5M5 -5L-5 5" stroke="var(--bad)" strokeWidth="3" /></Drawing>Lost; in this colour: refused</li>
          <li><Drawing><path d="M-8 0H4" stroke="var(--watch)" strokeWidth="6" strokeLinecap="round" opacity="0.5" /><circle cx="4" r="5" fill="var(--watch)" /></Drawing>Many of a kind, as one flow</li>
          <li><Drawing><circle r="2.5" fill="var(--line-strong)" /></Drawing>Heartbeat</li>
        </ul>
      </div>
      <div>
        <h2>Pods</h2>
        <ul>{podStates.map(({ tone, words }) => <li key={tone}><StateShape tone={tone} size={16} />{words}</li>)}</ul>
      </div>
      <div>
        <h2>Pipes</h2>
        <ul>
          <li><Drawing><path d="M-9 0H9" stroke="var(--line-strong)" strokeWidth="2" /><circle cx="-4" r="4" fill="var(--panel)" stroke="var(--line-strong)" strokeWidth="2" /></Drawing>Ring: this end dialled</li>
          <li><Drawing><path d="M-9 0H9" stroke="var(--line-strong)" strokeWidth="2" strokeDasharray="3 4" /></Drawing>Dashed: not connected</li>
        </ul>
      </div>
      <div>
        <h2>Nodes</h2>
        <ul>
          <li><Drawing><path d="M-9 0H9" stroke="var(--accent)" strokeWidth="9" /></Drawing>Requested by Pods</li>
          <li><Drawing><path d="M-9 2.5H9" stroke="var(--ink)" strokeWidth="3" /></Drawing>Used by containers</li>
        </ul>
      </div>
    </section>
  );
}
