import { useState } from 'react';
import type { SchedulingAttempt } from '../../../session/port/scheduling.ts';
import { Button, classes } from '../../design/parts.tsx';
import css from './scheduling.module.css';
import { judge } from './verdict.ts';

/** Predict, then see: which node will it choose? The answer is covered until something is picked and revealed. */
export function Guess({ attempt, show }: { readonly attempt: SchedulingAttempt; readonly show: () => void }) {
  const [guess, setGuess] = useState<string>();
  const [revealed, setRevealed] = useState(false);
  const verdict = revealed && guess !== undefined ? judge(attempt, guess) : undefined;
  return (
    <fieldset className={css.guess}>
      <legend>Which node will it choose?</legend>
      {[...attempt.nodes.map(({ node }) => node).toSorted(), ''].map((node) => (
        <label key={node} className={css.option}>
          <input type="radio" name="guess" checked={guess === node} disabled={revealed} onChange={() => setGuess(node)} /> {node === '' ? 'none of them' : node}
        </label>
      ))}
      {verdict === undefined
        ? <p className={css.doors}><Button look="loud" disabled={guess === undefined} onClick={() => setRevealed(true)}>Reveal</Button><Button look="link" onClick={show}>Just show it</Button></p>
        : <p className={css.doors}><Button onClick={show}>Uncover the table</Button></p>}
      <output className={classes(css.verdict, verdict?.right === true && css.right, verdict?.right === false && css.wrong)}>{verdict !== undefined && <>{verdict.right ? '✓' : '✕'} {verdict.text}</>}</output>
    </fieldset>
  );
}
