/**
 * Tests that are read, after etcd-raft's datadriven: commands, a line of dashes, what they print. Knows no Kubernetes: the commands
 * come as a table. The language is described in README.md.
 */

/** What stands behind a command's name: plain words, and `key=value` options. */
export interface Args { readonly words: readonly string[]; readonly options: Readonly<Record<string, string>> }

/** Does one command and says what it prints ('' for nothing); a thrown error is printed as `error: …`. */
export type Command<Context> = (args: Args, block: string, context: Context) => string;

export interface Language<Context> {
  /** What the commands of one file share. */
  begin(): Context;
  readonly commands: Readonly<Record<string, Command<Context>>>;
}

/** One group of commands with the output that was written below it and the output it gave. */
export interface TranscriptBlock { readonly line: number; readonly commands: string; readonly expected: string; readonly actual: string }
export interface TranscriptResult { readonly blocks: readonly TranscriptBlock[]; readonly rewritten: string }

interface Line { readonly name: string; readonly args: Args; readonly block: string }
interface Block { readonly line: number; readonly before: readonly string[]; readonly source: readonly string[]; readonly lines: readonly Line[]; readonly expected: string }

const dashes = '----';

/** Runs a whole file; `rewritten` is the file with the outputs as they are now. */
export function runTranscript<Context>(text: string, language: Language<Context>): TranscriptResult {
  const { blocks, rest } = parseTranscript(text);
  const context = language.begin();
  const done = blocks.map((block) => ({ block, actual: block.lines.map((line) => runLine(line, language, context)).filter((output) => output !== '').join('\n') || 'ok' }));
  const rewritten = [...done.flatMap(({ block, actual }) => [...block.before, ...block.source, ...framed(actual)]), ...rest].join('\n');
  return {
    blocks: done.map(({ block, actual }) => ({ line: block.line, commands: block.source.join('\n'), expected: block.expected, actual })),
    rewritten: `${rewritten.replace(/\n+$/, '')}\n`,
  };
}

function runLine<Context>({ name, args, block }: Line, { commands }: Language<Context>, context: Context): string {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return `error: no command is called ${name}; there are ${Object.keys(commands).join(', ')}`;
  try {
    return command(args, block, context).replace(/\n+$/, '');
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Output with empty lines in it is framed by doubled dashes, since otherwise an empty line ends it. */
const framed = (output: string): readonly string[] =>
  (/(^|\n)(\n|$|----)/.test(output) ? [dashes, dashes, output, dashes, dashes, ''] : [dashes, output, '']);

/** Reads a file into its blocks and what stands behind the last of them. */
export function parseTranscript(text: string): { readonly blocks: readonly Block[]; readonly rest: readonly string[] } {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  for (;;) {
    const before: string[] = [];
    while (at < lines.length && (lines[at]!.trim() === '' || lines[at]!.startsWith('#'))) before.push(lines[at++]!);
    if (at >= lines.length) return { blocks, rest: before };
    const from = at;
    const commands: Line[] = [];
    while (at < lines.length && lines[at] !== dashes) {
      const { line, next } = readCommand(lines, at);
      if (line !== undefined) commands.push(line);
      at = next;
    }
    const source = lines.slice(from, at);
    while (source.at(-1)?.trim() === '') source.pop();
    const { expected, next } = readExpected(lines, at);
    blocks.push({ line: from + 1, before, source, lines: commands, expected });
    at = next;
  }
}

/** One command line and the block that belongs to it: indented lines, or everything between `<<` and `>>`. */
function readCommand(lines: readonly string[], at: number): { line: Line | undefined; next: number } {
  const head = lines[at]!;
  if (head.trim() === '' || head.startsWith('#')) return { line: undefined, next: at + 1 };
  const { name, args } = parseCommandLine(head, at + 1);
  let next = at + 1;
  const block: string[] = [];
  if (lines[next]?.trim() === '<<') {
    for (next += 1; lines[next]?.trim() !== '>>'; next += 1) {
      if (next >= lines.length) throw new Error(`line ${at + 1}: the block that << begins is not ended by >>`);
      block.push(lines[next]!);
    }
    next += 1;
  } else {
    while (next < lines.length && /^\s+\S/.test(lines[next]!)) block.push(lines[next++]!);
  }
  return { line: { name, args, block: undented(block) }, next };
}

function undented(block: readonly string[]): string {
  const margins = block.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return block.map((line) => line.slice(margin)).join('\n');
}

/** Reads `name word key=value "a word with blanks" key="a value with blanks"`. */
export function parseCommandLine(head: string, lineNumber = 1): { name: string; args: Args } {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (const [part] of head.matchAll(/(?:[^\s"]|"[^"]*")+/g)) {
    const [, key, value] = /^([a-z][a-zA-Z-]*)=(.*)$/.exec(part) ?? [];
    if (key !== undefined && words.length > 0) options[key] = value!.replace(/"/g, '');
    else words.push(part.replace(/"/g, ''));
  }
  const [name, ...rest] = words;
  if (name === undefined) throw new Error(`line ${lineNumber}: no command here`);
  return { name, args: { words: rest, options } };
}

/** What stands below the dashes: up to an empty line, or between doubled dashes. Nothing where the file ends before. */
function readExpected(lines: readonly string[], at: number): { expected: string; next: number } {
  if (lines[at] !== dashes) return { expected: '', next: at };
  const doubled = lines[at + 1] === dashes;
  const from = at + (doubled ? 2 : 1);
  let end = from;
  while (end < lines.length && (doubled ? !(lines[end] === dashes && lines[end + 1] === dashes) : lines[end]!.trim() !== '')) end += 1;
  const expected = lines.slice(from, end).join('\n');
  let next = doubled ? end + 2 : end;
  // The one empty line that follows belongs to the block, and is written with it.
  if (lines[next]?.trim() === '') next += 1;
  return { expected, next };
}
