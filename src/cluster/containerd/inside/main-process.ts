/**
 * The process of a container, where what it does depends on what it finds: its command is run inside, at its start. What it writes before it first sleeps is
 * there for others; what it would write later is not. Where it needs what is not modelled, its command alone says what it does (`program.ts`).
 */
import type { ProgramPlan } from '../program.ts';
import type { ContainerRow } from '../runtime-state.ts';
import { keepFiles, placeOf, variablesOf, workingDirOf, type Turn } from './container.ts';
import { contentsOf } from './image-contents.ts';
import { Exit, Run, type Io, type Place } from './run.ts';
import { parseShell } from './shell-language.ts';

class NotModelled extends Error {}

/** Their effect on a process that goes on is not known here, or they wait for the network. */
const beyond = new Set(['trap', 'wait', 'wget', 'curl', 'nslookup', 'kill', 'ps']);
const builtins = new Set(['cd', 'export', 'set', ':', 'unset', 'umask', 'break', 'continue', 'exit', 'exec']);
const perCommandUs = 1_000;
/** One that sleeps for longer sleeps for ever. */
const foreverUs = 5 * 365 * 86_400_000_000;

class MainRun extends Run {
  /** Its files when it first slept. */
  firstSleep: { readonly written: Place['files']['written']; readonly volumes: Place['files']['volumes'] } | undefined;

  override script(text: string, io: Io): number {
    try {
      parseShell(text);
    } catch {
      throw new NotModelled('syntax');
    }
    return super.script(text, io);
  }

  override command(name: string, args: readonly string[], io: Io): number {
    const program = this.programOf(name);
    if (beyond.has(name) || (program === undefined && !builtins.has(name)) || (program === 'tail' && args.some((arg) => /^-\w*[fF]/.test(arg)))) throw new NotModelled(name);
    this.elapsedUs += perCommandUs;
    if (program === 'sleep') this.firstSleep ??= { written: this.place.files.written, volumes: this.place.files.volumes };
    return super.command(name, args, io);
  }
}

const shells = /^(?:.*\/)?(?:sh|bash|ash)$/;
/** A script that asks something before it goes on. */
const asks = /\b(?:if|expr|test)\b|\[|\$\(|`/;
/** Programs whose plan is well known without looking inside. */
const planned = /^(?:.*\/)?(?:sleep|echo|printf|true|false|tail|tee)$/;

function argvOf({ config: { command, args, image } }: ContainerRow): readonly string[] {
  // Images that hold a shell and no server have no entrypoint of their own.
  const bare = /(?:^|\/)(?:busybox|alpine|ubuntu|debian|bash|fedora|centos)(?:[:@]|$)/.test(image);
  const argv = command.length > 0 || bare ? [...command, ...args] : [];
  const [program = ''] = argv;
  if (!shells.test(program)) return planned.test(program) ? [] : argv;
  const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return flag >= 0 && asks.test(argv[flag + 1] ?? '') ? argv : [];
}

/** What the process will do, having looked; undefined where its command alone says so. */
export function runMain(given: Turn, row: ContainerRow, startedAtUs: number): ProgramPlan | undefined {
  const [name, ...args] = argvOf(row);
  if (name === undefined || row.config.stdin === true || contentsOf(row.config.image).programs.size === 0) return undefined;
  const at: Turn = { state: given.state, effects: given.effects, env: { ...given.env, nowUs: startedAtUs } };
  const place = placeOf(at, row, { [row.shown.name]: row.config.mounts ?? [] });
  const run = new MainRun(place, variablesOf(row, place, false), workingDirOf(row));
  if (run.programOf(name) === undefined) return undefined;
  try {
    run.code = run.command(name, args, { stdin: () => '', out: (data) => run.say(1, data), err: (data) => run.say(2, data) });
  } catch (error) {
    // Too many commands, or ones that are not known.
    if (error instanceof NotModelled || (error instanceof Exit && error.code === 137)) return undefined;
    if (!(error instanceof Exit)) throw error;
    run.code = error.code;
  }
  const { written, volumes } = run.firstSleep ?? place.files;
  [place.files.written, place.files.volumes] = [written, volumes];
  keepFiles(at, row.shown.id, place.files);
  given.state = at.state;
  return { runsForUs: run.elapsedUs > foreverUs ? undefined : Math.max(run.elapsedUs, 5_000), exitCode: run.code, program: name.slice(name.lastIndexOf('/') + 1), log: linesOf(run), onTerm: undefined };
}

function linesOf(run: Run): ProgramPlan['log'] {
  const lines: { afterUs: number; text: string }[] = [];
  let open = false;
  for (const { data, afterUs } of run.said) {
    for (const piece of data.split(/(?<=\n)/)) {
      const text = piece.endsWith('\n') ? piece.slice(0, -1) : piece;
      if (open) lines[lines.length - 1]!.text += text;
      else lines.push({ afterUs, text });
      open = !piece.endsWith('\n');
    }
  }
  return lines;
}
