/** The programs that a modelled container has, in the words of busybox. What is not here is not found, whatever the real image holds. */
import { daysSince2000, months, weekdays } from './calendar.ts';
import { fileCommands } from './file-commands.ts';
import { httpCommands } from './http-commands.ts';
import { Exit, type Command, type Run } from './run.ts';
import { tar } from './tar-command.ts';

const escapes: { readonly [char: string]: string } = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\x07', '0': '\0' };
const unescape = (text: string): string => text.replace(/\\([ntr\\a0])/g, (_, char: string) => escapes[char]!);

const echo: Command = (_run, args, { out }) => {
  const flags = args.findIndex((word) => !/^-[neE]+$/.test(word));
  const options = args.slice(0, flags < 0 ? args.length : flags).join('');
  const text = (flags < 0 ? [] : args.slice(flags)).join(' ');
  out((options.includes('e') ? unescape(text) : text) + (options.includes('n') ? '' : '\n'));
  return 0;
};

const printf: Command = (_run, [format = '', ...args], { out }) => {
  let next = 0;
  do out(unescape(format).replace(/%([-0-9]*)([sd%])/g, (_, width: string, kind: string) => (kind === '%' ? '%' : width.startsWith('-') ? (args[next++] ?? '').padEnd(Number(width.slice(1))) : (args[next++] ?? '').padStart(Number(width), width.startsWith('0') ? '0' : ' '))));
  while (next > 0 && next < args.length);
  return 0;
};

const units: { readonly [unit: string]: number } = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };
const sleep: Command = (run, args, { err }) => {
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg);
    if (match === null && arg !== 'infinity') { err(`sleep: invalid number '${arg}'\n`); return 1; }
    run.elapsedUs += match === null ? 10 * 365 * 86_400_000_000 : Math.round(Number(match[1]) * units[match[2]!]! * 1_000_000);
  }
  if (args.length === 0) err('BusyBox: sleep: missing operand\n');
  return args.length === 0 ? 1 : 0;
};

const environment = (run: Run): string => [...run.variables].map(([name, value]) => `${name}=${value}\n`).join('');

const env: Command = (run, args, io) => {
  const rest = args.findIndex((word) => !word.includes('='));
  if (args.length === 0) io.out(environment(run));
  return rest < 0 ? 0 : run.command(args[rest]!, args.slice(rest + 1), io);
};

const printenv: Command = (run, args, { out }) => {
  if (args.length === 0) out(environment(run));
  for (const name of args) if (run.variables.has(name)) out(`${run.variables.get(name)!}\n`);
  return args.every((name) => run.variables.has(name)) ? 0 : 1;
};

const date: Command = (run, args, { out, err }) => {
  const text = run.place.date(run.place.nowUs + run.elapsedUs);
  const format = args.find((word) => word.startsWith('+'))?.slice(1);
  if (args.some((word) => word !== '-u' && !word.startsWith('+'))) { err('date: only -u and a format are known to this model\n'); return 1; }
  const [day, time] = [text.slice(0, 10), text.slice(11, 19)];
  const [year, month, dayOfMonth] = day.split('-') as [string, string, string];
  const days = daysSince2000(Number(year), Number(month), Number(dayOfMonth));
  const names = { weekday: weekdays[days % 7]!, month: months[Number(month) - 1]! };
  const fields: { readonly [letter: string]: string } = {
    Y: year, m: month, d: dayOfMonth, H: time.slice(0, 2), M: time.slice(3, 5), S: time.slice(6, 8), F: day, T: time, s: String(days * 86_400 + 946_684_800 + Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3, 5)) * 60 + Number(time.slice(6, 8))),
    Z: 'UTC', z: '+0000', a: names.weekday, b: names.month, '%': '%', n: '\n', N: '000000000',
  };
  out(`${format === undefined ? `${names.weekday} ${names.month} ${dayOfMonth.replace(/^0/, ' ')} ${time} UTC ${year}` : format.replace(/%([A-Za-z%])/g, (whole, letter: string) => fields[letter] ?? whole)}\n`);
  return 0;
};
const id: Command = (run, args, { out }) => {
  const { user } = run.place;
  const name = user === 0 ? 'root' : undefined;
  if (args[0] === '-u') out(`${user}\n`);
  else out(name === undefined ? `uid=${user} gid=0(root) groups=0(root)\n` : 'uid=0(root) gid=0(root) groups=0(root)\n');
  return 0;
};

const whoami: Command = (run, _args, { out, err }) => {
  if (run.place.user === 0) out('root\n');
  else err(`whoami: unknown uid ${run.place.user}\n`);
  return run.place.user === 0 ? 0 : 1;
};

const uname: Command = (run, args, { out }) => {
  const all = args.includes('-a');
  const parts = [all || args.length === 0 || args.includes('-s') ? 'Linux' : '', all || args.includes('-n') ? run.place.hostname : '', all || args.includes('-r') ? '6.12.48+deb13-amd64' : '', all || args.includes('-m') ? 'x86_64' : ''];
  out(`${parts.filter((part) => part !== '').join(' ')}\n`);
  return 0;
};

const ps: Command = (run, _args, { out }) => {
  out(`PID   USER     TIME  COMMAND\n    1 ${(run.place.user === 0 ? 'root' : String(run.place.user)).padEnd(8)}  0:00 ${run.place.process1}\n    7 ${(run.place.user === 0 ? 'root' : String(run.place.user)).padEnd(8)}  0:00 ps\n`);
  return 0;
};

const kill: Command = (run, args, { err }) => {
  const signal = (/^-(?:SIG)?([A-Z]+|\d+)$/.exec(args[0] ?? '')?.[1] ?? 'TERM').replace(/^15$/, 'TERM').replace(/^9$/, 'KILL');
  const pid = args.find((word) => /^\d+$/.test(word));
  if (pid === undefined) { err('kill: you need to specify whom to kill\n'); return 1; }
  if (pid !== '1') { err(`kill: can't kill pid ${pid}: No such process\n`); return 1; }
  // The kernel keeps SIGKILL from process 1 of a PID namespace when it comes from inside.
  if (signal === 'TERM') run.place.signal('TERM', run.elapsedUs);
  return 0;
};

const which: Command = (run, args, { out }) => {
  const found = args.filter((name) => run.programOf(name) !== undefined);
  for (const name of found) out(`/bin/${name}\n`);
  return found.length === args.length ? 0 : 1;
};

const nslookup: Command = (run, _args, { out }) => {
  run.elapsedUs += 10_000_000;
  out(';; connection timed out; no servers could be reached\n\n');
  return 1;
};

/** A file's state, two strings or two numbers compared. Models POSIX test. */
const test: Command = (run, given, { err }) => {
  const not = given[0] === '!';
  const args = not ? given.slice(1) : given;
  const node = (path: string) => run.place.files.get(run.resolve(path));
  const [a = '', b = '', c = ''] = args;
  const answer = ((): boolean | undefined => {
    if (args.length <= 1) return a !== '';
    if (args.length === 2) {
      switch (a) {
        case '-e': return node(b) !== undefined;
        case '-f': return node(b)?.directory === false;
        case '-d': return node(b)?.directory === true;
        case '-s': return (node(b)?.data.length ?? 0) > 0;
        case '-r': case '-w': return node(b) !== undefined;
        case '-x': return node(b) !== undefined && (node(b)!.mode & 0o111) !== 0;
        case '-n': return b !== '';
        case '-z': return b === '';
        default: return undefined;
      }
    }
    switch (b) {
      case '=': case '==': return a === c;
      case '!=': return a !== c;
      case '-eq': return Number(a) === Number(c);
      case '-ne': return Number(a) !== Number(c);
      case '-lt': return Number(a) < Number(c);
      case '-le': return Number(a) <= Number(c);
      case '-gt': return Number(a) > Number(c);
      case '-ge': return Number(a) >= Number(c);
      default: return undefined;
    }
  })();
  if (answer === undefined) { err(`sh: ${args.length === 2 ? a : b}: unknown operand\n`); return 2; }
  return answer !== not ? 0 : 1;
};

/** Sums and comparisons of whole numbers. Models POSIX expr, as far as scripts count with it. */
const expr: Command = (_run, args, { out, err }) => {
  const [a = '', operator, b = ''] = args;
  const [x, y] = [Number(a), Number(b)];
  if (args.length !== 1 && (args.length !== 3 || !/^-?\d+$/.test(a) || !/^-?\d+$/.test(b))) { err('expr: syntax error\n'); return 2; }
  if ((operator === '/' || operator === '%') && y === 0) { err('expr: division by zero\n'); return 2; }
  const answer = ((): number | undefined => {
    switch (operator) {
      case undefined: return x;
      case '+': return x + y;
      case '-': return x - y;
      case '*': return x * y;
      case '/': return Math.trunc(x / y);
      case '%': return x % y;
      case '=': return Number(x === y);
      case '!=': return Number(x !== y);
      case '<': return Number(x < y);
      case '<=': return Number(x <= y);
      case '>': return Number(x > y);
      case '>=': return Number(x >= y);
      default: return undefined;
    }
  })();
  if (answer === undefined) { err('expr: syntax error\n'); return 2; }
  out(`${operator === undefined ? a : answer}\n`);
  return answer === 0 || a === '' ? 1 : 0;
};

const rev: Command = (run, args, { stdin, out, err }) => {
  for (const arg of args.length === 0 ? ['-'] : args) {
    const text = arg === '-' ? stdin() : run.place.files.get(run.resolve(arg))?.data;
    if (text === undefined) { err(`rev: ${arg}: No such file or directory\n`); return 1; }
    out(text.split('\n').map((line) => [...line].reverse().join('')).join('\n'));
  }
  return 0;
};

const bracketed = (open: string, close: string): Command => (run, args, io) => (args.at(-1) === close ? test(run, args.slice(0, -1), io) : (io.err(`sh: ${open}: missing ${close}\n`), 2));

const shell: Command = (run, args, io) => {
  const flag = args.findIndex((word) => /^-[a-z]*c$/.test(word));
  const file = flag < 0 ? args.find((word) => !word.startsWith('-')) : undefined;
  const inner = run.args;
  const text = flag >= 0 ? args[flag + 1] ?? '' : file === undefined ? io.stdin() : run.place.files.get(run.resolve(file))?.data;
  if (text === undefined) { io.err(`sh: can't open '${file}': No such file or directory\n`); return 2; }
  run.args = flag >= 0 ? args.slice(flag + 2) : file === undefined ? [] : args.slice(args.indexOf(file));
  const [cwd, variables] = [run.cwd, new Map(run.variables)];
  try {
    run.code = 0;
    return run.script(text, io);
  } catch (error) {
    if (error instanceof Exit && error.code !== 137) return error.code;
    throw error;
  } finally {
    // What a shell does to its own directory and variables ends with it.
    [run.args, run.cwd] = [inner, cwd];
    run.variables.clear();
    for (const [name, value] of variables) run.variables.set(name, value);
  }
};

export const commands: { readonly [name: string]: Command } = {
  ...fileCommands, ...httpCommands, tar, echo, printf, sleep, env, printenv, date, id, whoami, uname, ps, kill, which, nslookup, test, sh: shell, bash: shell,
  expr, rev, '[': bracketed('[', ']'), '[[': bracketed('[[', ']]'),
  true: () => 0, false: () => 1,
  pwd: (run, _args, { out }) => { out(`${run.cwd}\n`); return 0; },
  hostname: (run, args, { out }) => { out(`${args[0] === '-i' ? run.place.files.get('/etc/hosts')?.data.split('\n').find((line) => line.split('\t')[1]?.split('.')[0] === run.place.hostname)?.split('\t')[0] ?? '' : run.place.hostname}\n`); return 0; },
};

export const commandNames: readonly string[] = Object.keys(commands);
