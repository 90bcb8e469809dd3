/** What the process in a container does: read from its command and args, or from what its image runs by default. */
import { imageDefaults, momentaryUs, programs, type Behaviour } from './entrypoints.ts';
import { parseReference } from './images.ts';
import { mainShell } from './inside/main-shell.ts';
import { digitsOfPi } from './inside/pi.ts';
import { runPython } from './inside/python-lines.ts';
import { parseScript, type Step } from './shell.ts';

export interface LogLine { readonly afterUs: number; readonly text: string }

/** The life of one process, known at its start; only a signal changes it. */
export interface ProgramPlan {
  /** Microseconds until it ends by itself; undefined for ever. */
  readonly runsForUs: number | undefined;
  readonly exitCode: number;
  /** What runs: the image's own program, the one its command names, or the one its script ends up in. */
  readonly program: string;
  /** It never sleeps and never waits. */
  readonly busy?: true;
  readonly log: readonly LogLine[];
  /** Lines that come again and again, counted from `fromUs`. */
  readonly loop?: { readonly fromUs: number; readonly everyUs: number; readonly lines: readonly LogLine[] };
  /** SIGTERM ends it with that code after that time; undefined if it takes no notice and must be killed. */
  readonly onTerm: { readonly exitCode: number; readonly afterUs: number } | undefined;
}

export interface ProgramInput {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly stdin?: true;
}

const termWorkUs = 100_000;

/** Which program a container runs, and how that goes. */
export function planProgram(input: ProgramInput): ProgramPlan {
  if (mainShell(input)) return { runsForUs: undefined, exitCode: 0, program: 'sh', log: [], onTerm: undefined };
  const { image, command, args, env } = input;
  const repository = parseReference(image)?.repository ?? image;
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const byDefault = imageDefaults[name];
  const byImage = byDefault === undefined || (byDefault.subcommand !== undefined && args.length > 0 && args[0] !== byDefault.subcommand) ? { server: true, onTerm: 0 } : byDefault;
  if (command.length === 0 && args.length === 0) return fromBehaviour(name, byImage);
  // Arguments alone go to the image's entrypoint: a server's own options, or (docker-entrypoint, no entrypoint) a program to run.
  if (command.length === 0 && (args[0]!.startsWith('-') || (byImage.server && !isProgram(args[0]!)))) return fromBehaviour(name, byImage);
  return planArgv([...command, ...args], { name, ...byImage }, env);
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh']);
const isProgram = (word: string): boolean => word.includes('/') || shells.has(word) || word === 'sleep' || word === 'echo' || Object.hasOwn(programs, word);

function fromBehaviour(program: string, { server, runsForUs = momentaryUs, exitCode = 0, onTerm, logs = [] }: Behaviour): ProgramPlan {
  return {
    runsForUs: server ? undefined : runsForUs, exitCode, program,
    log: logs.map((text, index) => ({ afterUs: 5_000 * (index + 1), text })),
    onTerm: onTerm === undefined ? undefined : { exitCode: onTerm, afterUs: termWorkUs },
  };
}

function planArgv(argv: readonly string[], byImage: Behaviour & { readonly name: string }, env: ProgramInput['env']): ProgramPlan {
  const program = baseName(argv[0]!);
  if (shells.has(program)) {
    const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
    const script = flag < 0 ? undefined : argv[flag + 1];
    // A shell without a script and without a terminal reads the end of its input at once.
    return script === undefined ? fromBehaviour(program, { server: argv.length > 1, runsForUs: 20_000 }) : planScript(program, script, env);
  }
  if (program === 'sleep' || program === 'echo' || program === 'printf') {
    const run = startRun(env);
    runCommand(run, argv);
    return { runsForUs: run.forever ? undefined : run.atUs, exitCode: 0, program, log: run.log, onTerm: undefined };
  }
  if (program === 'tini' || program === 'dumb-init') {
    const rest = argv.slice(1).filter((word) => word !== '--');
    const inner = rest.length === 0 ? fromBehaviour(byImage.name, byImage) : planArgv(rest, byImage, env);
    return { ...inner, onTerm: inner.onTerm ?? { exitCode: 143, afterUs: 5_000 } };
  }
  return byItsText(program, argv, env) ?? fromBehaviour(program, programs[program] ?? { server: true, onTerm: 0 });
}

const mostDigits = 10_000;

/** Programs given as text, as far as they are known: a few lines of Python, and π in Perl. */
function byItsText(program: string, argv: readonly string[], env: ProgramInput['env']): ProgramPlan | undefined {
  if (/^python3?$/.test(program) && argv[1] === '-c') {
    const told = runPython(argv[2] ?? '', env);
    return told && { runsForUs: 40_000, exitCode: told.exitCode, program, log: told.lines.map((text) => ({ afterUs: 30_000, text })), onTerm: undefined };
  }
  const digits = program === 'perl' ? Number(/^\s*print bpi\((\d+)\);?\s*$/.exec(argv.at(-1) ?? '')?.[1] ?? 0) : 0;
  if (digits < 1 || digits > mostDigits) return undefined;
  const { runsForUs = momentaryUs } = programs['perl']!;
  return { ...fromBehaviour(program, programs['perl']!), log: [{ afterUs: runsForUs, text: digitsOfPi(digits) }] };
}

/** One run through a script: the clock, the output and the last exit code. */
interface Run {
  atUs: number;
  exitCode: number;
  ended: boolean;
  forever: boolean;
  /** The program that it stays in, and whether it is a loop that never rests. */
  serves: string | undefined;
  busy: boolean;
  log: LogLine[];
  loop: ProgramPlan['loop'];
  onTerm: ProgramPlan['onTerm'];
  /** How long commands started with `&` still run; `wait` waits for them. */
  backgroundUs: number;
  env: ProgramInput['env'];
}

const startRun = (env: ProgramInput['env']): Run =>
  ({ atUs: 0, exitCode: 0, ended: false, forever: false, serves: undefined, busy: false, log: [], loop: undefined, onTerm: undefined, backgroundUs: 0, env });

function planScript(shell: string, script: string, env: ProgramInput['env']): ProgramPlan {
  const run = startRun(env);
  runSteps(run, parseScript(script));
  const plan = { runsForUs: run.forever ? undefined : Math.max(run.atUs, 5_000), exitCode: run.exitCode, program: run.serves ?? shell, ...(run.busy && { busy: true as const }), log: run.log, onTerm: run.onTerm };
  return run.loop === undefined ? plan : { ...plan, loop: run.loop };
}

function runSteps(run: Run, steps: readonly Step[]): void {
  for (const step of steps) {
    if (run.ended || run.forever) return;
    if (step.kind === 'forever') runForever(run, step.body);
    else if (step.kind === 'repeat') repeat(run, step);
    else if (step.when === 'always' || (step.when === 'after success') === (run.exitCode === 0)) {
      if (step.background) runInBackground(run, step.words);
      else runCommand(run, step.words, step.quiet);
    }
  }
}

function repeat(run: Run, { times, body, name, values = [] }: Extract<Step, { kind: 'repeat' }>): void {
  const { env } = run;
  for (let i = 0; i < times && !run.ended && !run.forever; i++) {
    if (name !== undefined) run.env = [{ name, value: values[i] ?? '' }, ...env];
    runSteps(run, body);
  }
}

function runInBackground(run: Run, words: readonly string[]): void {
  const side = { ...startRun(run.env), log: run.log };
  runCommand(side, words);
  run.backgroundUs = Math.max(run.backgroundUs, side.forever ? Infinity : side.atUs);
}

/** An endless loop: what one round does, it does for ever, unless the round itself ends the script. */
function runForever(run: Run, body: readonly Step[]): void {
  const fromUs = run.atUs;
  const before = run.log.length;
  runSteps(run, body);
  if (run.ended || run.forever) return;
  run.forever = true;
  const lines = run.log.splice(before).map(({ afterUs, text }) => ({ afterUs: afterUs - fromUs, text }));
  // A round that takes no time is a busy loop; ten rounds a second are shown of it.
  run.busy = run.atUs - fromUs < momentaryUs;
  if (lines.length > 0) run.loop = { fromUs, everyUs: Math.max(run.atUs - fromUs, 100_000), lines };
}

function runCommand(run: Run, words: readonly string[], quiet = false): void {
  const program = baseName(words[0] ?? '');
  const rest = words.slice(1);
  run.exitCode = 0;
  switch (program) {
    case '': case ':': case 'set': case 'cd': case 'export': case 'then': case 'do': case '{': case '}': return;
    case 'exec': runCommand(run, rest, quiet); run.ended = true; return;
    case 'exit': run.exitCode = Number(rest[0] ?? 0) & 255; run.ended = true; return;
    case 'sleep': sleep(run, rest); return;
    case 'wait': if (run.backgroundUs === Infinity) run.forever = true; else run.atUs += run.backgroundUs; return;
    case 'trap': setTrap(run, rest); return;
    case 'echo': case 'printf': {
      run.atUs += 1_000;
      const text = expand(rest.filter((word) => !/^-[neE]+$/.test(word)).join(' '), run.env);
      if (!quiet) run.log.push({ afterUs: run.atUs, text: text.replace(/\\n|\n$/g, '') });
      return;
    }
    default: {
      const known = programs[program];
      if (known?.server === true) { run.forever = true; run.serves = program; return; }
      if (known === undefined && looksLikeServer(program)) { run.forever = true; run.serves = program; run.onTerm ??= { exitCode: 0, afterUs: termWorkUs }; return; }
      run.atUs += known?.runsForUs ?? momentaryUs;
      run.exitCode = known?.exitCode ?? 0;
    }
  }
}

const serverNames = /^(nginx|redis-server|httpd|apache2?|mysqld|mongod|postgres|etcd|memcached|kube-.*|.*-server|.*d)$/;
const notServers = new Set(['cd', 'add', 'find', 'sed', 'mkcd', 'chmod', 'kind', 'read', 'id', 'useradd', 'adduser', 'passwd', 'cmd', 'md']);
const looksLikeServer = (program: string): boolean => serverNames.test(program) && !notServers.has(program);

const units: { readonly [unit: string]: number } = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

function sleep(run: Run, amounts: readonly string[]): void {
  for (const amount of amounts) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(expand(amount, run.env));
    if (match === null) {
      if (/^inf/.test(amount)) run.forever = true;
      else { run.exitCode = 1; run.log.push({ afterUs: run.atUs, text: `sleep: invalid time interval '${amount}'` }); }
    } else run.atUs += Math.round(Number(match[1]) * units[match[2]!]! * 1_000_000);
  }
}

/** `trap 'exit 0' TERM`: the handler's exit code; a running foreground `sleep` delays it, which is not modelled. */
function setTrap(run: Run, words: readonly string[]): void {
  if (!words.slice(1).some((signal) => signal === 'TERM' || signal === 'SIGTERM' || signal === '15')) return;
  const handler = startRun(run.env);
  runSteps(handler, parseScript(words[0] ?? ''));
  if (handler.ended) run.onTerm = { exitCode: handler.exitCode, afterUs: Math.max(handler.atUs, 10_000) };
}

const expand = (text: string, env: ProgramInput['env']): string =>
  !text.includes('$') ? text : text.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (_, braced?: string, bare?: string) =>
    env.find(({ name }) => name === (braced ?? bare))?.value ?? '');

/** What the process has written so many microseconds after its start (or until its end). At most `limit` last lines. */
export function outputAfter(plan: ProgramPlan, elapsedUs: number, limit = 1_000): ProgramPlan['log'] {
  const lines = plan.log.filter(({ afterUs }) => afterUs <= elapsedUs);
  if (plan.loop !== undefined && elapsedUs >= plan.loop.fromUs) {
    const { fromUs, everyUs, lines: again } = plan.loop;
    const rounds = Math.floor((elapsedUs - fromUs) / everyUs);
    for (let round = Math.max(0, rounds - Math.ceil(limit / again.length)); round <= rounds; round++) {
      for (const { afterUs, text } of again) if (fromUs + round * everyUs + afterUs <= elapsedUs) lines.push({ afterUs: fromUs + round * everyUs + afterUs, text });
    }
  }
  return lines.length > limit ? lines.slice(-limit) : lines;
}
