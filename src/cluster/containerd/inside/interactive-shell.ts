/** A shell that is typed at: lines, their echo on a terminal, the prompt, and what was typed before. */
import { contentsOf } from './image-contents.ts';
import { placeOf, settle, variablesOf, workingDirOf, type Turn } from './container.ts';
import type { ContainerRow } from '../runtime-state.ts';
import { Exit, Run } from './run.ts';
import type { Mounts, ShellState } from './state.ts';
import { parseShell, SyntaxRefusal } from './shell-language.ts';

/** How a shell goes on after some input: what it wrote, each piece after so long, and the code it ended with, if it did. */
export interface Typed { readonly shell: ShellState; readonly wrote: readonly { readonly data: string; readonly afterUs: number }[]; readonly ended?: number }

export function newShell(at: Turn, row: ContainerRow, mounts: Mounts, tty: boolean): ShellState {
  const place = placeOf(at, row, mounts);
  return { cwd: workingDirOf(row), variables: [...variablesOf(row, place, tty)], code: 0, line: '', before: '', history: [], at: 0, busyUntilUs: 0, escape: '' };
}

export function promptOf(row: ContainerRow, { cwd, variables, before }: ShellState, hostname: string, user: number): string {
  if (before !== '') return '> ';
  const home = new Map(variables).get('HOME') ?? '/';
  const where = home !== '/' && cwd === home ? '~' : cwd;
  const sign = user === 0 ? '#' : '$';
  return contentsOf(row.config.image).shell === 'bash' ? `${user === 0 ? 'root' : 'I have no name!'}@${hostname}:${where}${sign} ` : `${where} ${sign} `;
}

/** Input, one character after another. */
export function type(at: Turn, row: ContainerRow, mounts: Mounts, from: ShellState, input: string, tty: boolean, ends = false): Typed {
  const desk = new Desk(at, row, mounts, from, tty);
  for (const char of input) {
    desk.key(char);
    if (desk.ended !== undefined) break;
  }
  if (ends && desk.ended === undefined) desk.end();
  return { shell: desk.shell, wrote: desk.wrote, ...(desk.ended === undefined ? {} : { ended: desk.ended }) };
}

class Desk {
  shell: ShellState;
  ended: number | undefined;
  readonly wrote: { data: string; afterUs: number }[] = [];
  private afterUs: number;
  private readonly at: Turn;
  private readonly row: ContainerRow;
  private readonly mounts: Mounts;
  private readonly tty: boolean;

  constructor(at: Turn, row: ContainerRow, mounts: Mounts, shell: ShellState, tty: boolean) {
    [this.at, this.row, this.mounts, this.shell, this.tty] = [at, row, mounts, shell, tty];
    this.afterUs = Math.max(0, shell.busyUntilUs - at.env.nowUs);
  }

  private write(data: string): void {
    if (data !== '') this.wrote.push({ data: this.tty ? data.replace(/\r?\n/g, '\r\n') : data, afterUs: this.afterUs });
  }

  private prompt(): void {
    if (!this.tty) return;
    const place = placeOf(this.at, this.row, this.mounts);
    this.write(promptOf(this.row, this.shell, place.hostname, place.user));
  }

  key(char: string): void {
    const { shell } = this;
    if (!this.tty) {
      if (char === '\n') this.line();
      else this.shell = { ...shell, line: shell.line + char };
    } else if (shell.escape !== '') this.escape(char);
    else if (char === '\r' || char === '\n') { this.write('\n'); this.line(); } else if (char === '\x7f' || char === '\b') {
      if (shell.line === '') return;
      this.shell = { ...shell, line: shell.line.slice(0, -1) };
      this.write('\b \b');
    } else if (char === '\x03') {
      this.write('^C\n');
      this.shell = { ...shell, line: '', before: '', code: 130, at: shell.history.length };
      this.prompt();
    } else if (char === '\x04') { if (shell.line === '') this.end(); } else if (char === '\x1b') this.shell = { ...shell, escape: char };
    else if (char >= ' ') {
      this.shell = { ...shell, line: shell.line + char };
      this.write(char);
    }
  }

  /** Arrows up and down bring back what was typed; other sequences are read and forgotten. */
  private escape(char: string): void {
    const escape = this.shell.escape + char;
    const done = escape.length > 2 ? /[A-Za-z~]/.test(char) : char !== '[' && char !== 'O';
    this.shell = { ...this.shell, escape: done ? '' : escape };
    const step = done ? { A: -1, B: 1 }[char] ?? 0 : 0;
    if (step === 0) return;
    const { history, line } = this.shell;
    const place = Math.min(history.length, Math.max(0, this.shell.at + step));
    this.write(`${'\b \b'.repeat(line.length)}${history[place] ?? ''}`);
    this.shell = { ...this.shell, at: place, line: history[place] ?? '' };
  }

  end(): void {
    if (this.shell.line !== '' && !this.tty) this.line(true);
    if (this.ended !== undefined) return;
    if (this.tty && contentsOf(this.row.config.image).shell === 'bash') this.write('exit\n');
    this.ended = this.shell.code;
  }

  private line(last = false): void {
    const { shell } = this;
    const text = shell.before + shell.line;
    const history = shell.line.trim() === '' ? shell.history : [...shell.history.slice(-99), shell.line];
    this.shell = { ...shell, line: '', before: '', history, at: history.length };
    if (!last && isUnfinished(text)) {
      this.shell = { ...this.shell, before: `${text}\n` };
      return this.prompt();
    }
    this.run(text);
    if (this.ended === undefined) this.prompt();
  }

  private run(text: string): void {
    const place = placeOf(this.at, this.row, this.mounts);
    const run = new Run(place, new Map(this.shell.variables), this.shell.cwd);
    run.code = this.shell.code;
    try {
      // A command that reads from the terminal finds its end at once.
      run.script(text, { stdin: () => '', out: (data) => run.say(1, data), err: (data) => run.say(2, data) });
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      this.ended = run.code = error.code;
    }
    settle(this.at, this.row, run);
    const began = this.afterUs;
    for (const { data, afterUs } of run.said) {
      this.afterUs = began + afterUs;
      this.write(data);
    }
    this.afterUs = began + run.elapsedUs;
    this.shell = { ...this.shell, cwd: run.cwd, variables: [...run.variables], code: run.code, busyUntilUs: this.at.env.nowUs + this.afterUs };
  }
}

function isUnfinished(text: string): boolean {
  try {
    parseShell(text);
    return false;
  } catch (error) {
    if (error instanceof SyntaxRefusal) return /end of file|unterminated/.test(error.message);
    throw error;
  }
}
