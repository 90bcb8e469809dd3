/** Runs commands inside a container, in one step: what they write and when, and what they leave behind. */
import { resolvePath, type Files } from './files.ts';
import { parseShell, SyntaxRefusal, type Part, type Redirect, type Script, type Stage, type Statement, type Word } from './shell-language.ts';

export interface Said { readonly fd: 1 | 2; readonly data: string; readonly afterUs: number }

/** Who answers HTTP in this Pod's network. */
export type Fetch = (request: { readonly method: string; readonly host: string; readonly port: number; readonly path: string; readonly agent: string; readonly headers: readonly string[]; readonly body: string }) => { readonly refused: string } | { readonly response: string };

/** What the commands of one run may know of the container they run in. */
export interface Place {
  readonly files: Files;
  /** Every program that is modelled, and which of them the image has. */
  readonly commands: { readonly [name: string]: Command };
  readonly programs: ReadonlySet<string>;
  readonly path: string;
  readonly hostname: string;
  readonly user: number;
  /** What process 1 is. */
  readonly process1: string;
  readonly bash: boolean;
  readonly nowUs: number;
  readonly date: (atUs: number) => string;
  readonly fetch: Fetch;
  /** Sends a signal to process 1. */
  readonly signal: (name: 'TERM' | 'KILL', afterUs: number) => void;
}

/** What a command reads from and writes to. */
export interface Io { readonly stdin: () => string; readonly out: (text: string) => void; readonly err: (text: string) => void }

/** A program: works on the run's files, writes to io, and returns its exit code. */
export type Command = (run: Run, args: readonly string[], io: Io) => number;

export class Exit extends Error {
  readonly code: number;
  constructor(code: number) { super('exit'); this.code = code; }
}
/** Somebody reads from standard input before its end has come. */
export class NeedsInput extends Error {}

class LoopJump extends Error {}

const mostCommands = 6_000;
const mostBytes = 32_000_000;

/** A run under way; local to the step. */
export class Run {
  readonly place: Place;
  readonly variables: Map<string, string>;
  readonly said: Said[] = [];
  cwd: string;
  elapsedUs = 0;
  code = 0;
  args: readonly string[] = [];
  private count = 0;
  private bytes = 0;

  constructor(place: Place, variables: ReadonlyMap<string, string>, cwd: string) {
    [this.place, this.variables, this.cwd] = [place, new Map(variables), cwd];
  }

  say(fd: 1 | 2, data: string): void {
    if (data === '') return;
    this.bytes += data.length;
    if (this.bytes > mostBytes) throw new Exit(137);
    const last = this.said.at(-1);
    if (last !== undefined && last.fd === fd && last.afterUs === this.elapsedUs) this.said[this.said.length - 1] = { ...last, data: last.data + data };
    else this.said.push({ fd, data, afterUs: this.elapsedUs });
  }

  resolve(path: string): string { return resolvePath(this.cwd, path); }

  script(text: string, io: Io): number {
    try {
      return this.statements(parseShell(text), io);
    } catch (error) {
      // A jump out of no loop does nothing.
      if (error instanceof LoopJump) return this.code;
      if (!(error instanceof SyntaxRefusal)) throw error;
      io.err(`sh: ${error.message}\n`);
      return this.code = 2;
    }
  }

  private statements(script: Script, io: Io): number {
    for (const statement of script) {
      if (statement.after === '&&' ? this.code !== 0 : statement.after === '||' ? this.code === 0 : false) continue;
      this.statement(statement, io);
    }
    return this.code;
  }

  private statement({ stages, not }: Statement, io: Io): void {
    let input: (() => string) = io.stdin;
    for (const [index, stage] of stages.entries()) {
      let piped = '';
      const last = index === stages.length - 1;
      this.stage(stage, { stdin: input, out: last ? io.out : (text) => { piped += text; }, err: io.err });
      input = () => piped;
    }
    if (not) this.code = this.code === 0 ? 1 : 0;
  }

  private stage(stage: Stage, outer: Io): void {
    if (this.count += 1, this.count > mostCommands) throw new Exit(137);
    const io = this.redirected(stage.redirects, outer);
    if (io === undefined) { this.code = 1; return; }
    switch (stage.kind) {
      case 'simple': return this.simple(stage, io);
      case 'group': return void this.statements(stage.body, io);
      case 'for':
        this.code = 0;
        for (const value of stage.over.flatMap((word) => this.expand(word, io))) {
          this.variables.set(stage.name, value);
          if (!this.round(stage.body, io)) break;
        }
        return undefined;
      case 'if': {
        const branch = stage.branches.find(({ condition }) => this.statements(condition, io) === 0);
        this.code = 0;
        return void this.statements(branch === undefined ? stage.otherwise : branch.body, io);
      }
      default:
        while ((this.statements(stage.condition, io) === 0) === (stage.kind === 'while')) {
          if (this.count += 1, this.count > mostCommands) throw new Exit(137);
          if (!this.round(stage.body, io)) break;
        }
        this.code = 0;
        return undefined;
    }
  }

  /** One round of a loop; false where it was the last. */
  private round(body: Script, io: Io): boolean {
    try {
      this.statements(body, io);
      return true;
    } catch (error) {
      if (!(error instanceof LoopJump)) throw error;
      return error.message === 'continue';
    }
  }

  private simple({ assigns, words }: Extract<Stage, { kind: 'simple' }>, io: Io): void {
    const values = assigns.map(([name, word]) => [name, this.expand(word, io).join(' ')] as const);
    const [name, ...args] = words.flatMap((word) => this.expand(word, io));
    if (name === undefined) {
      for (const [variable, value] of values) this.variables.set(variable, value);
      if (values.length > 0) this.code = 0;
      return;
    }
    const before = new Map(this.variables);
    for (const [variable, value] of values) this.variables.set(variable, value);
    this.code = this.command(name, args, io);
    if (values.length > 0) for (const [variable] of values) if (before.has(variable)) this.variables.set(variable, before.get(variable)!); else this.variables.delete(variable);
  }

  /** A builtin of the shell, or a program. */
  command(name: string, args: readonly string[], io: Io): number {
    switch (name) {
      case 'cd': {
        const to = this.resolve(args[0] ?? this.variables.get('HOME') ?? '/');
        if (this.place.files.get(to)?.directory !== true) { io.err(`sh: cd: can't cd to ${args[0] ?? to}: No such file or directory\n`); return 1; }
        this.cwd = to;
        return 0;
      }
      case 'export': case 'set': case ':': case 'unset': case 'trap': case 'wait': case 'umask':
        for (const arg of args) {
          const equals = arg.indexOf('=');
          if (name === 'export' && equals > 0) this.variables.set(arg.slice(0, equals), arg.slice(equals + 1));
          if (name === 'unset') this.variables.delete(arg);
        }
        return 0;
      case 'break': case 'continue': throw new LoopJump(name);
      case 'exit': throw new Exit(args[0] === undefined ? this.code : Number(args[0]) & 255);
      case 'exec': return args.length === 0 ? 0 : (() => { throw new Exit(this.command(args[0]!, args.slice(1), io)); })();
      default: {
        const program = this.programOf(name);
        if (program !== undefined) return this.place.commands[program]!(this, args, io);
        io.err(`sh: ${name}: ${name.includes('/') && this.place.files.get(this.resolve(name)) === undefined ? 'not found' : name.includes('/') ? 'Permission denied' : 'not found'}\n`);
        return name.includes('/') && this.place.files.get(this.resolve(name)) !== undefined ? 126 : 127;
      }
    }
  }

  /** The modelled program that a name or a path means in this image. */
  programOf(name: string): string | undefined {
    const short = name.startsWith('/') ? /^\/(?:usr\/)?s?bin\/([^/]+)$/.exec(name)?.[1] : name.includes('/') ? undefined : name;
    return short !== undefined && this.place.programs.has(short) && Object.hasOwn(this.place.commands, short) ? short : undefined;
  }

  private redirected(redirects: readonly Redirect[], io: Io): Io | undefined {
    let { stdin, out, err } = io;
    for (const { fd, how, to } of redirects) {
      const target = this.expand(to, io).join(' ');
      if (how === '&') {
        if (fd === 2) err = out; else if (fd === 1) out = err;
        continue;
      }
      if (target === '/dev/null') { if (fd === 0) stdin = () => ''; else if (fd === 1) out = () => undefined; else err = () => undefined; continue; }
      if (target === '/dev/stderr' || target === '/dev/stdout') { if (target.endsWith('err')) out = err; else err = out; continue; }
      if ((target === '/proc/1/fd/1')) continue;
      const path = this.resolve(target);
      const { files } = this.place;
      if (how === '<') {
        const node = files.get(path);
        if (node === undefined) { io.err(`sh: can't open ${target}: no such file\n`); return undefined; }
        stdin = () => node.data;
        continue;
      }
      const refused = files.put(path, how === '>>' ? files.get(path)?.data ?? '' : '');
      if (refused !== undefined) { io.err(`sh: can't create ${target}: ${refused}\n`); return undefined; }
      const write = (text: string): void => { files.put(path, (files.get(path)?.data ?? '') + text); };
      if (fd === 2) err = write; else out = write;
    }
    return { stdin, out, err };
  }

  /** Variables and `$(…)` put in; what was not quoted is split at blanks. */
  private expand(word: Word, io: Io): readonly string[] {
    const fields: string[] = [];
    let field = '';
    let open = false;
    for (const part of word) {
      const text = this.partText(part, io);
      if (part.quoted || 'text' in part) { field += text; open = open || part.quoted || text !== ''; continue; }
      const pieces = text.split(/[ \t\n]+/);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0 && open) { fields.push(field); field = ''; open = false; }
        if (piece !== '') { field += piece; open = true; }
      }
    }
    return open ? [...fields, field] : fields;
  }

  private partText(part: Part, io: Io): string {
    if ('text' in part) return part.text;
    if ('name' in part) {
      if (part.name === '?') return String(this.code);
      if (part.name === '$') return '7';
      if (part.name === '#') return String(Math.max(0, this.args.length - 1));
      if (part.name === '@' || part.name === '*') return this.args.slice(1).join(' ');
      if (/^\d$/.test(part.name)) return this.args[Number(part.name)] ?? '';
      return this.variables.get(part.name) ?? part.otherwise ?? '';
    }
    let text = '';
    this.statements(part.script, { ...io, out: (more) => { text += more; } });
    return text.replace(/\n+$/, '');
  }
}
