import { classes } from '../../design/parts.tsx';
import { useYaml } from '../yaml/use-yaml.ts';
import { diffLines } from './diff-lines.ts';
import css from './history.module.css';

/** Bookkeeping that changes with every write would hide what else did. */
function withoutBookkeeping(object: unknown): unknown {
  const { metadata, ...rest } = (object ?? {}) as { readonly metadata?: Readonly<Record<string, unknown>> };
  if (metadata === undefined) return object ?? {};
  const { managedFields: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

const marks = { same: ' ', gone: '−', new: '+' } as const;

/** Two neighbouring revisions as one text: lines that are gone, lines that are new. */
export function Diff({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const write = useYaml();
  if (write === undefined) return null;
  const text = (object: unknown): string[] => write(withoutBookkeeping(object)).trimEnd().split('\n');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must be able to reach it
    <section className={css.diff} tabIndex={0} aria-label="The object before and after, without managedFields"><pre>
      {diffLines(text(before), text(after)).map((line, index) => (line.kind === 'skip'
        ? <span key={index} className={css.skip}>{`… ${line.count} ${line.count === 1 ? 'line' : 'lines'} the same\n`}</span>
        : <span key={index} className={classes(css[line.kind])}>{`${marks[line.kind]} ${line.text}\n`}</span>))}
    </pre></section>
  );
}
