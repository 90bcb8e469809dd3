import type { ActivityAnswer, LastTransition, MessageLine } from '../../../session/port/activity.ts';
import { clockText } from '../../../store/words.ts';
import { classes } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import css from './component.module.css';

/** The event that the program was stepped by last, and what its chart did with it. */
export function LastStep({ last }: { readonly last: LastTransition }) {
  const { select } = useActions();
  const done = last.taken.map(({ actions, to, from, guard }) => [guard === undefined ? '' : `since ${guard}`, actions.join(', then ') || 'nothing', to !== '' && to !== from ? `then to ${labelOf(to)}` : ''].filter((part) => part !== '').join(', '));
  return (
    <p className={css.last}>
      <b>Last event</b> <button type="button" className={css.door} onClick={() => select({ type: 'record', recordId: last.recordId }, true)}>{last.event}</button> at {clockText(last.atUs)}
      <span>{done.length === 0 ? 'The chart had nothing to do with it.' : done.join('; ')}</span>
    </p>
  );
}

const labelOf = (id: string): string => id.slice(id.lastIndexOf('.') + 1);

/** The last messages in and out, each a door. */
export function LastMessages({ activity: { received, sent } }: { readonly activity: ActivityAnswer }) {
  return <div className={css.pair}><Messages title="Last received" from messages={received} /><Messages title="Last sent" messages={sent} /></div>;
}

function Messages({ title, from = false, messages }: { readonly title: string; readonly from?: boolean; readonly messages: readonly MessageLine[] }) {
  const { select } = useActions();
  return (
    <section className={css.messages} aria-label={title}>
      <h4>{title}</h4>
      {messages.length === 0 && <p className={css.dim}>None.</p>}
      <ol>
        {messages.map(({ recordId, atUs, peer, label, background, ok }) => (
          <li key={recordId}>
            <button type="button" className={classes(css.message, background && css.background)} onClick={() => select({ type: 'record', recordId }, true)}>
              <time>{clockText(atUs)}</time><b className={ok ? undefined : css.bad}>{ok ? '' : '✕ '}{label}</b><span>{from ? 'from' : 'to'} {peer}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
