/** A text with its selection. */
export interface Editing { readonly text: string; readonly from: number; readonly to: number }

const indent = '  ';
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Tab: two spaces at the cursor, or every selected line one step in. */
export function indentMore({ text, from, to }: Editing): Editing {
  if (from === to) {
    const width = indent.length - ((from - lineStart(text, from)) % indent.length);
    return { text: text.slice(0, from) + ' '.repeat(width) + text.slice(from), from: from + width, to: from + width };
  }
  return eachLine({ text, from, to }, (line) => indent + line);
}

/** Shift+Tab: the line of the cursor, or every selected one, a step out. */
export const indentLess = (editing: Editing): Editing => eachLine(editing, (line) => line.replace(/^ {1,2}/, ''));

function eachLine({ text, from, to }: Editing, change: (line: string) => string): Editing {
  const begin = lineStart(text, from);
  const last = to > from && text[to - 1] === '\n' ? to - 1 : to;
  const end = text.indexOf('\n', last) < 0 ? text.length : text.indexOf('\n', last);
  const lines = text.slice(begin, end).split('\n');
  const changed = lines.map(change);
  const block = changed.join('\n');
  const first = changed[0]!.length - lines[0]!.length;
  return { text: text.slice(0, begin) + block + text.slice(end), from: Math.max(begin, from + first), to: Math.max(begin, to + block.length - (end - begin)) };
}

/** Enter: the next line begins where this one does; after a colon one step further in, after a dash behind it. */
export function newLine({ text, from, to }: Editing): Editing {
  const line = text.slice(lineStart(text, from), from);
  const lead = /^ */.exec(line)![0];
  const more = /:\s*$/.test(line) ? indent : /^ *- \S/.test(line) ? indent : '';
  const insert = `\n${lead}${more}`;
  return { text: text.slice(0, from) + insert + text.slice(to), from: from + insert.length, to: from + insert.length };
}
