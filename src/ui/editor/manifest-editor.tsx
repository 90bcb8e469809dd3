import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { Problem } from '../../session/port/protocol.ts';
import { Button, classes, Hidden } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { examples } from './examples.ts';
import css from './manifest-editor.module.css';
import { indentLess, indentMore, newLine } from './text-edits.ts';
import type { Editing } from './text-edits.ts';

const lineHeight = 22;

/** The errors to show at the text: what could not even be read, and what the server answered up to the playhead since the last Apply. */
function useComplaints(): readonly Problem[] {
  const problems = useApp((state) => state.problems);
  const log = useApp((state) => state.log);
  const count = useApp((state) => state.logCount);
  return useMemo(() => {
    if (problems.length > 0) return problems;
    const written = log.slice(0, count);
    const begun = written.findLastIndex((line) => line.kind === 'command' && /\bapply\b|\bdelete\b/i.test(line.text));
    return written.slice(begun + 1).filter((line) => line.kind === 'result' && !line.ok).map((line): Problem => ({ text: line.text, ...line.place }));
  }, [problems, log, count]);
}

/** The manifest, what the server says to it, and the way to send it. */
export function ManifestEditor() {
  const text = useApp((state) => state.manifestText);
  const fileName = useApp((state) => state.fileName);
  const ready = useApp((state) => state.phase === 'ready');
  const untouched = useApp((state) => !state.learnt.includes('apply') && state.view.mode === 'explore' && state.recording.commands.length === 0 && state.branch <= 1);
  const { setManifest, dispatch } = useActions();
  const complaints = useComplaints();
  const area = useRef<HTMLTextAreaElement>(null);
  const apply = () => dispatch({ type: 'apply-manifest', text, fileName });
  return (
    <section className={css.panel} aria-label="Manifest">
      <header className={css.head}>
        <h2 className={css.file}>{fileName}</h2>
        <label className={css.picker}>
          <Hidden>Examples</Hidden>
          <select value="" onChange={(event) => { const example = examples[Number(event.target.value)]; if (example !== undefined) setManifest(example.text, example.fileName); }}>
            <option value="" disabled>Examples…</option>
            {examples.map((example, index) => <option key={example.fileName} value={index}>{example.title}</option>)}
          </select>
        </label>
      </header>
      <TextArea area={area} text={text} complaints={complaints} onChange={(next) => setManifest(next)} onApply={apply} />
      {complaints.length > 0 && <Complaints complaints={complaints} onGo={(line) => goToLine(area.current, line)} />}
      <div className={css.buttons}>
        {untouched && <span className={css.invitation}>Send it, and watch where it goes</span>}
        <Button danger disabled={!ready || text.trim() === ''} title="kubectl delete -f" onClick={() => dispatch({ type: 'delete-manifest', text, fileName })}>Delete</Button>
        <Button look="loud" disabled={!ready || text.trim() === ''} title="kubectl apply -f (Ctrl+Enter)" onClick={apply} className={classes(untouched && css.inviting)}>Apply</Button>
      </div>
    </section>
  );
}

function goToLine(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const lines = area.value.split('\n');
  const from = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 4) * lineHeight);
}

const Complaints = ({ complaints, onGo }: { readonly complaints: readonly Problem[]; readonly onGo: (line: number) => void }) => (
  <div className={css.complaints} aria-label="What the server says" role="alert"><ul>
    {complaints.slice(0, 20).map((problem, index) => (
      <li key={index}>
        {problem.line !== undefined && <Button look="link" onClick={() => onGo(problem.line!)}>line {problem.line}</Button>}
        <span>{problem.text}</span>
      </li>
    ))}
  </ul></div>
);

interface TextAreaProps { readonly area: RefObject<HTMLTextAreaElement | null>; readonly text: string; readonly complaints: readonly Problem[]; readonly onChange: (text: string) => void; readonly onApply: () => void }

/** A plain text area that keeps its own undo: edits go through the browser's own insertion wherever it offers one. */
function TextArea({ area, text, complaints, onChange, onApply }: TextAreaProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const marked = new Set(complaints.map((problem) => problem.line));
  const lines = text.split('\n').length;
  const digits = String(lines).length;
  // Escape gives Tab back to the keyboard's way through the page.
  const tabLeaves = useRef(false);
  useEffect(() => {
    const first = complaints.find((problem) => problem.line !== undefined)?.line;
    if (first !== undefined) area.current?.scrollTo(0, Math.max(0, (first - 4) * lineHeight));
  }, [complaints, area]);
  const edit = (event: KeyboardEvent<HTMLTextAreaElement>, change: (editing: Editing) => Editing): void => {
    event.preventDefault();
    const element = event.currentTarget;
    replace(element, change({ text: element.value, from: element.selectionStart, to: element.selectionEnd }));
    onChange(element.value);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return onApply(); }
    if (event.key === 'Escape') { tabLeaves.current = true; return undefined; }
    if (event.key === 'Tab' && !tabLeaves.current) return edit(event, event.shiftKey ? indentLess : indentMore);
    if (event.key === 'Enter' && !event.shiftKey) return edit(event, newLine);
    if (event.key !== 'Tab' && event.key !== 'Shift') tabLeaves.current = false;
    return undefined;
  };
  return (
    <div className={css.editor}>
      <div ref={gutter} className={css.gutter} aria-hidden="true" style={{ width: `${digits + 3}ch` }}>
        {Array.from({ length: lines }, (_, index) => <span key={index} className={classes(marked.has(index + 1) && css.wrong)}>{index + 1}</span>)}
      </div>
      <textarea
        ref={area} value={text} spellCheck={false} autoCapitalize="off" autoCorrect="off" wrap="off" aria-label="Manifest in YAML. Tab indents; press Escape, then Tab, to leave." aria-invalid={complaints.length > 0}
        onChange={(event) => onChange(event.target.value)} onKeyDown={onKeyDown} onBlur={() => { tabLeaves.current = false; }}
        onScroll={(event) => { if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop; }}
      />
    </div>
  );
}

/** Replaces the part that changed as if it had been typed, so that Ctrl+Z takes it back. */
function replace(element: HTMLTextAreaElement, { text, from, to }: Editing): void {
  const before = element.value;
  let start = 0;
  while (start < before.length && start < text.length && before[start] === text[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < text.length - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  element.setSelectionRange(start, before.length - end);
  const insert = text.slice(start, text.length - end);
  const done = insert === '' ? document.execCommand('delete') : document.execCommand('insertText', false, insert);
  if (!done) element.value = text;
  element.setSelectionRange(from, to);
}
