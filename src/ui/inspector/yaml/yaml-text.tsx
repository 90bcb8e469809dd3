import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';
import { classes } from '../../design/parts.tsx';
import { OwnerOf, Owners, ownerColor } from './owner-legend.tsx';
import { useYaml } from './use-yaml.ts';
import { seenLines, yamlLines } from './yaml-lines.ts';
import type { WriteYaml, YamlLine } from './yaml-lines.ts';
import css from './yaml.module.css';

interface YamlProps {
  readonly value: unknown;
  readonly label?: string;
  /** Paths of which something is said, and what. */
  readonly marked?: readonly string[];
  readonly note?: string;
  /** The managers whose fields are told apart by a bar at their side. */
  readonly owners?: readonly ManagedFieldsEntry[];
}

/** A value as YAML that folds: with a click at a line's sign, or with the arrow keys. */
export function YamlText(props: YamlProps) {
  const write = useYaml();
  return write === undefined ? <p className={css.dim}>…</p> : <Lines {...props} write={write} />;
}

const none: readonly never[] = [];

function Lines({ value, label = 'As YAML', marked = none, note = '', owners = none, write }: YamlProps & { readonly write: WriteYaml }) {
  const lines = useMemo(() => yamlLines(value, write), [value, write]);
  // By path, so that what the reader folded stays so while the object changes.
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const folded = useMemo(() => new Set(lines.flatMap((line, at) => (line.below > 0 && line.foldedAtFirst !== turned.has(line.path) ? [at] : []))), [lines, turned]);
  const [active, setActive] = useState(0);
  const [only, setOnly] = useState<ManagedFieldsEntry>();
  /** The line under the pointer, else the one that has the keyboard. */
  const [pointed, setPointed] = useState<number>();
  const [held, setHeld] = useState(false);
  const tree = useRef<HTMLDivElement>(null);
  const seen = seenLines(lines, folded);
  const current = seen.includes(active) ? active : seen[0] ?? 0;

  const turn = (at: number): void => setTurned((before) => { const next = new Set(before); if (!next.delete(lines[at]!.path)) next.add(lines[at]!.path); return next; });
  const goTo = (at: number | undefined): void => {
    if (at === undefined) return;
    setActive(at);
    tree.current?.querySelector<HTMLElement>(`[data-line="${at}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = reaction(event.key, current, { lines, seen, folded });
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === 'turn') turn(current);
    else goTo(to);
  };
  const marks = new Set(marked);
  return (
    <div className={css.block}>
      {owners.length > 0 && <Owners owners={owners} only={only} setOnly={setOnly} />}
      <div ref={tree} role="tree" aria-label={label} className={css.tree} onKeyDown={onKeyDown} onMouseLeave={() => setPointed(undefined)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)} tabIndex={-1}>
        {seen.map((at) => {
          const line = lines[at]!;
          return (
            <Line
              key={at} at={at} line={line} folded={folded.has(at)} current={at === current} owners={owners} dim={only !== undefined && line.owner !== only}
              title={marks.has(line.path) ? note : undefined} onTurn={() => turn(at)} onPoint={() => setPointed(at)} onFocus={() => setActive(at)}
            />
          );
        })}
      </div>
      {owners.length > 0 && <OwnerOf line={lines[pointed ?? (held ? current : -1)]} owners={owners} />}
    </div>
  );
}

/** What a key does on a line: it goes to another, or folds or unfolds this one. */
function reaction(key: string, current: number, { lines, seen, folded }: { readonly lines: readonly YamlLine[]; readonly seen: readonly number[]; readonly folded: ReadonlySet<number> }): number | 'turn' | undefined {
  const place = seen.indexOf(current);
  const folds = lines[current]!.below > 0;
  switch (key) {
    case 'ArrowDown': return seen[place + 1] ?? current;
    case 'ArrowUp': return seen[place - 1] ?? current;
    case 'Home': return seen[0];
    case 'End': return seen.at(-1);
    case 'ArrowRight': return !folds ? undefined : folded.has(current) ? 'turn' : seen[place + 1];
    case 'ArrowLeft': return folds && !folded.has(current) ? 'turn' : seen.slice(0, place).findLast((at) => at + lines[at]!.below >= current);
    case 'Enter': case ' ': return folds ? 'turn' : undefined;
    default: return undefined;
  }
}

interface LineProps {
  readonly at: number; readonly line: YamlLine; readonly folded: boolean; readonly current: boolean; readonly dim: boolean; readonly owners: readonly ManagedFieldsEntry[];
  readonly title: string | undefined; readonly onTurn: () => void; readonly onPoint: () => void; readonly onFocus: () => void;
}

function Line({ at, line: { depth, lead, text, below, holds, owner }, folded, current, dim, owners, title, onTurn, onPoint, onFocus }: LineProps) {
  const color = ownerColor(owners, owner);
  return (
    // The whole tree listens to the keyboard; a line is where the keyboard is.
    <div
      role="treeitem" aria-level={depth + 1} aria-selected={current} {...(below > 0 && { 'aria-expanded': !folded })} tabIndex={current ? 0 : -1} data-line={at}
      className={classes(css.line, dim && css.faint)} onMouseEnter={onPoint} onFocus={onFocus}
    >
      <span className={css.gutter} style={color === undefined ? undefined : { background: color }} />
      <button type="button" tabIndex={-1} aria-hidden="true" className={css.sign} disabled={below === 0} onClick={onTurn}>{below === 0 ? '' : folded ? '▸' : '▾'}</button>
      <span className={classes(css.text, title !== undefined && css.marked)} title={title}>
        {'  '.repeat(depth)}<span className={css.key}>{lead}</span>{lead !== '' && text !== '' && ' '}{text}
        {folded && <button type="button" tabIndex={-1} className={css.holds} onClick={onTurn}>{holds}</button>}
      </span>
    </div>
  );
}
