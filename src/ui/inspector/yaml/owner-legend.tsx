import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { clockText } from '../../../store/words.ts';
import { classes } from '../../design/parts.tsx';
import type { YamlLine } from './yaml-lines.ts';
import css from './yaml.module.css';

const colors = ['var(--request)', 'var(--watch)', 'var(--response)', 'var(--cri)', 'var(--raft)', 'var(--accent)', 'var(--bad)'] as const;

/** The colour of the bar at a manager's fields: the word beside it in the legend says whose it is. */
export function ownerColor(owners: readonly ManagedFieldsEntry[], owner: ManagedFieldsEntry | undefined): string | undefined {
  const at = owner === undefined ? -1 : owners.indexOf(owner);
  return at < 0 ? undefined : colors[at % colors.length];
}

const nameOf = ({ manager = '', subresource }: ManagedFieldsEntry): string => (subresource === undefined ? manager : `${manager} (${subresource})`);
const timeOf = ({ time }: ManagedFieldsEntry): string => { const us = parseTime(time); return us === undefined ? '' : clockText(us).replace(/\.\d+ s$/, ' s'); };

/** Who set what: each manager with its colour; chosen, only its fields stay bright. */
export function Owners({ owners, only, setOnly }: { readonly owners: readonly ManagedFieldsEntry[]; readonly only: ManagedFieldsEntry | undefined; readonly setOnly: (owner: ManagedFieldsEntry | undefined) => void }) {
  return (
    <ul className={css.owners} aria-label="Who set which fields">
      {owners.map((owner, index) => (
        <li key={index}>
          <button type="button" aria-pressed={owner === only} className={classes(css.owner, owner === only && css.chosen)} onClick={() => setOnly(owner === only ? undefined : owner)}>
            <span className={css.swatch} style={{ background: ownerColor(owners, owner) }} />{nameOf(owner)} <time>{timeOf(owner)}</time>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Who set the field that the pointer or the keyboard is at. */
export function OwnerOf({ line, owners }: { readonly line: YamlLine | undefined; readonly owners: readonly ManagedFieldsEntry[] }) {
  const owner = line?.owner;
  return (
    <p className={css.told}>
      {line === undefined ? 'Point at a line, or go to it with the arrow keys, to see who set it.'
        : owner === undefined ? <><code>{line.path}</code> no single manager: the server, or several</>
          : <><code>{line.path}</code><span className={css.swatch} style={{ background: ownerColor(owners, owner) }} /> {nameOf(owner)}, by {owner.operation}, last at {timeOf(owner)}</>}
    </p>
  );
}
