import { useEffect, useState } from 'react';
import css from './inspector.module.css';

type Writer = (value: unknown) => string;
let writer: Writer | undefined;

/** A value as YAML; the writer is fetched when the first is shown. Lines of marked paths say so. */
export function YamlText({ value, marked = [], note = '' }: { readonly value: unknown; readonly marked?: readonly string[]; readonly note?: string }) {
  const [ready, setReady] = useState(writer !== undefined);
  useEffect(() => {
    if (writer !== undefined) return;
    void import('yaml').then(({ stringify }) => { writer = (each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false }); setReady(true); });
  }, []);
  if (!ready || writer === undefined) return <p className={css.dim}>…</p>;
  const lines = linesOf(value, writer, new Set(marked));
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must be able to reach it
  return <pre className={css.yaml} tabIndex={0}>{lines.map(({ text, isMarked }, index) => <span key={index} className={isMarked ? css.marked : undefined} title={isMarked ? note : undefined}>{text}{'\n'}</span>)}</pre>;
}

interface Line { readonly text: string; readonly isMarked: boolean }

const marker = '__orrery_mark__';

/** Keys of marked paths are given a mark before writing, which is then taken off again: the lines that bear it are the ones. */
function linesOf(value: unknown, write: Writer, marked: ReadonlySet<string>): Line[] {
  const text = write(marked.size === 0 ? value : withMarks(value, '', marked));
  return text.trimEnd().split('\n').map((line) => ({ text: line.replaceAll(marker, ''), isMarked: line.includes(marker) }));
}

function withMarks(value: unknown, path: string, marked: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withMarks(item, `${path}[${index}]`, marked));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [marked.has(here) ? key + marker : key, withMarks(inner, here, marked)];
  }));
}
