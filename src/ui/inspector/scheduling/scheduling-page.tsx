import { useState } from 'react';
import type { SchedulingAttempt } from '../../../session/port/scheduling.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { clockText } from '../../../store/words.ts';
import { Button, classes } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import { useAnswerOf } from '../parts/use-answer.ts';
import { DecisionTable } from './decision-table.tsx';
import { Guess } from './guess.tsx';
import css from './scheduling.module.css';
import { choiceInWords } from './verdict.ts';

/** How the scheduler looked for a node for this Pod, attempt by attempt. */
export function SchedulingPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const answer = useAnswerOf({ type: 'scheduling', namespace, name }, objectKey('Pod', namespace, name), true);
  const [picked, setPicked] = useState<number>();
  if (answer === undefined) return <p className={css.dim}>Looking…</p>;
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  const { attempts, waiting } = answer;
  const shown = attempts.find(({ recordId }) => recordId === picked) ?? attempts.at(-1);
  return (
    <>
      {waiting !== '' && <p className={css.waiting}>The Pod {waiting}.</p>}
      {shown === undefined && <p className={css.dim}>The scheduler has not tried to place this Pod{waiting === '' ? ': it was made with its node already chosen, or has not been seen yet' : ' yet'}.</p>}
      {attempts.length > 1 && (
        <ol className={css.attempts} aria-label="Attempts">
          {attempts.map((attempt, index) => (
            <li key={attempt.recordId}>
              <button type="button" aria-pressed={attempt === shown} className={classes(css.attempt, attempt === shown && css.chosen)} onClick={() => setPicked(attempt.recordId)}>
                {index + 1} · {attempt.chosen === '' ? 'no node' : attempt.chosen} · {clockText(attempt.atUs)}
              </button>
            </li>
          ))}
        </ol>
      )}
      {shown !== undefined && <Attempt key={shown.recordId} attempt={shown} />}
    </>
  );
}

function Attempt({ attempt }: { readonly attempt: SchedulingAttempt }) {
  const { scrub, select } = useActions();
  const [covered, setCovered] = useState(false);
  return (
    <>
      {covered ? <Guess attempt={attempt} show={() => setCovered(false)} /> : (
        <div className={css.outcome}>
          <p className={classes(css.message, attempt.chosen === '' && css.failed)}>{attempt.message}</p>
          {attempt.chosen !== '' && <p>{choiceInWords(attempt)}</p>}
        </div>
      )}
      <p className={css.doors}>
        {!covered && attempt.nodes.length > 1 && <Button onClick={() => setCovered(true)}>Cover the answer and guess</Button>}
        <Button look="link" onClick={() => scrub(attempt.atUs)}>At {clockText(attempt.atUs)}</Button>
        <Button look="link" onClick={() => select({ type: 'record', recordId: attempt.recordId }, true)}>What led to it</Button>
      </p>
      {attempt.nodes.length > 0 && <DecisionTable attempt={attempt} covered={covered} />}
      {attempt.moreNodes > 0 && <p className={css.dim}>and {attempt.moreNodes} more nodes that are not told</p>}
      {attempt.excluded > 0 && <p className={css.dim}>{attempt.excluded} more {attempt.excluded === 1 ? 'node was' : 'nodes were'} ruled out together by {attempt.excludedBy}.</p>}
    </>
  );
}
