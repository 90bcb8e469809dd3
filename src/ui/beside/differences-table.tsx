import type { Losses } from '../../store/differences.ts';
import { clockText } from '../../store/words.ts';
import css from './beside.module.css';
import type { Comparison } from './use-differences.ts';

const mostRows = 60;

const lossText = ({ lost, refused }: Losses): string => `${lost} lost, ${refused} refused`;

/** What differs, in words. */
export function DifferencesTable({ comparison, here, there }: { readonly comparison: Comparison; readonly here: string; readonly there: string }) {
  const { differences, losses: [a, b], waiting } = comparison;
  const loses = lossText(a) !== lossText(b);
  const count = differences.length + (loses ? 1 : 0);
  return (
    <section className={css.differences} aria-label="What differs" aria-busy={waiting}>
      <p className={css.summary}>{summaryOf(comparison, count)}</p>
      {count > 0 && (
        <div className={css.scroll}>
          <table>
            <thead><tr><th scope="col">What</th><th scope="col">{here}</th><th scope="col">{there}</th></tr></thead>
            <tbody>
              {loses && <tr><th scope="row">messages since they part</th><td>{lossText(a)}</td><td>{lossText(b)}</td></tr>}
              {differences.slice(0, mostRows).map((each) => <tr key={each.key}><th scope="row">{each.what}</th><td>{each.here}</td><td>{each.there}</td></tr>)}
            </tbody>
          </table>
          {differences.length > mostRows && <p className={css.summary}>and {differences.length - mostRows} more</p>}
        </div>
      )}
    </section>
  );
}

function summaryOf({ partsUs, atUs }: Comparison, count: number): string {
  if (atUs < 0) return 'The other future is being brought to this moment…';
  if (partsUs === Infinity) return 'Nothing has been done yet in only one of the two: they are the same.';
  if (atUs <= partsUs) return `Up to here the two are one. They part at ${clockText(partsUs)}.`;
  return `They parted at ${clockText(partsUs)}. ${count === 0 ? 'At this moment they are alike.' : count === 1 ? 'One thing differs.' : `${count} things differ.`}`;
}
