/** Programs that read and write files and lines. */
import { months } from './calendar.ts';
import { parentOf, type FileNode } from './files.ts';
import type { Command, Io, Run } from './run.ts';

/** Options (`-la` and `-l -a`) apart from what is not one. */
function options(args: readonly string[], withValue = ''): { readonly on: ReadonlySet<string>; readonly values: { readonly [option: string]: string }; readonly rest: readonly string[] } {
  const on = new Set<string>();
  const values: { [option: string]: string } = {};
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') { rest.push(...args.slice(i + 1)); break; }
    if (!/^-[^-]/.test(arg)) { rest.push(arg); continue; }
    for (let at = 1; at < arg.length; at++) {
      const option = arg[at]!;
      on.add(option);
      if (!withValue.includes(option)) continue;
      values[option] = arg.slice(at + 1) || args[i += 1]!;
      break;
    }
  }
  return { on, values, rest };
}

/** What a program reads: each file that is named, or standard input. */
function read(run: Run, name: string, files: readonly string[], io: Io): { readonly texts: readonly (readonly [string, string])[]; readonly code: number } {
  if (files.length === 0) return { texts: [['-', io.stdin()]], code: 0 };
  let code = 0;
  const texts = files.flatMap((file): (readonly [string, string])[] => {
    if (file === '-' || file === '/dev/stdin') return [[file, io.stdin()]];
    const node = run.place.files.get(run.resolve(file));
    if (node !== undefined && !node.directory) return [[file, node.data]];
    io.err(node === undefined ? `${name}: can't open '${file}': No such file or directory\n` : `${name}: read error: Is a directory\n`);
    code = 1;
    return [];
  });
  return { texts, code };
}

const cat: Command = (run, args, io) => {
  const { texts, code } = read(run, 'cat', options(args).rest, io);
  for (const [, text] of texts) io.out(text);
  return code;
};

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const printed = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const part = (name: string, cut: (lines: readonly string[], count: number) => readonly string[]): Command => (run, args, io) => {
  const short = args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1'));
  const { values, rest, on } = options(short, 'nc');
  if (on.has('f') || on.has('F')) { io.err(`${name}: -f is not known to this model\n`); return 1; }
  const { texts, code } = read(run, name, rest, io);
  for (const [, text] of texts) io.out(values['c'] === undefined ? printed(cut(linesOf(text), Number(values['n'] ?? 10))) : name === 'head' ? text.slice(0, Number(values['c'])) : text.slice(-Number(values['c'])));
  return code;
};

const grep: Command = (run, args, io) => {
  const { on, rest, values } = options(args, 'e');
  const [pattern = '', ...files] = values['e'] === undefined ? rest : [values['e'], ...rest];
  let expression: RegExp;
  try {
    expression = new RegExp(on.has('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern, on.has('i') ? 'i' : '');
  } catch {
    io.err(`grep: bad regex '${pattern}'\n`);
    return 2;
  }
  const { texts, code } = read(run, 'grep', files, io);
  let found = 0;
  for (const [file, text] of texts) {
    const lines = linesOf(text).filter((line) => expression.test(line) !== on.has('v'));
    found += lines.length;
    if (on.has('q')) continue;
    if (on.has('c')) io.out(`${files.length > 1 ? `${file}:` : ''}${lines.length}\n`);
    else io.out(printed(files.length > 1 && !on.has('h') ? lines.map((line) => `${file}:${line}`) : lines));
  }
  return found > 0 ? 0 : code === 0 ? 1 : 2;
};

const wc: Command = (run, args, io) => {
  const { on, rest } = options(args);
  const { texts, code } = read(run, 'wc', rest, io);
  for (const [file, text] of texts) {
    const counts = { l: text.split('\n').length - 1, w: text.split(/\s+/).filter((word) => word !== '').length, c: text.length };
    const shown = (['l', 'w', 'c'] as const).filter((letter) => on.size === 0 || on.has(letter)).map((letter) => String(counts[letter]));
    io.out(`${shown.length === 1 ? shown[0]! : shown.map((count) => count.padStart(9)).join('')}${file === '-' ? '' : ` ${file}`}\n`);
  }
  return code;
};

const sort: Command = (run, args, io) => {
  const { on, rest } = options(args);
  const { texts, code } = read(run, 'sort', rest, io);
  const lines = texts.flatMap(([, text]) => linesOf(text)).sort(on.has('n') ? (a, b) => Number.parseFloat(a) - Number.parseFloat(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const unique = on.has('u') ? [...new Set(lines)] : lines;
  io.out(printed(on.has('r') ? unique.reverse() : unique));
  return code;
};

const tee: Command = (run, args, io) => {
  const { on, rest } = options(args);
  const text = io.stdin();
  let code = 0;
  for (const file of rest) {
    const path = run.resolve(file);
    const refused = run.place.files.put(path, (on.has('a') ? run.place.files.get(path)?.data ?? '' : '') + text);
    if (refused !== undefined) { io.err(`tee: ${file}: ${refused}\n`); code = 1; }
  }
  io.out(text);
  return code;
};

const rights = ({ directory, mode }: FileNode): string => (directory ? 'd' : '-') + [6, 3, 0].map((shift) => ['r', 'w', 'x'].map((letter, bit) => ((mode >> shift) & (4 >> bit)) === 0 ? '-' : letter).join('')).join('');

const ls: Command = (run, args, io) => {
  const { on, rest } = options(args);
  let code = 0;
  const shown = (name: string, node: FileNode): string => {
    if (!on.has('l')) return `${name}\n`;
    const text = run.place.date(node.atUs);
    const at = `${months[Number(text.slice(5, 7)) - 1]} ${String(Number(text.slice(8, 10))).padStart(2)} ${text.slice(11, 16)}`;
    return `${rights(node)}    1 root     root     ${String(node.directory ? 4096 : node.data.length).padStart(9)} ${at} ${name}\n`;
  };
  for (const [index, file] of (rest.length === 0 ? ['.'] : rest).entries()) {
    const path = run.resolve(file);
    const node = run.place.files.get(path);
    if (node === undefined) { io.err(`ls: ${file}: No such file or directory\n`); code = 1; continue; }
    if (!node.directory || on.has('d')) { io.out(shown(file, node)); continue; }
    if (rest.length > 1) io.out(`${index > 0 ? '\n' : ''}${file}:\n`);
    const names = run.place.files.list(path).filter((name) => on.has('a') || on.has('A') || !name.startsWith('.'));
    if (on.has('l')) io.out(`total ${names.length * 4}\n`);
    for (const name of on.has('a') ? ['.', '..', ...names] : names) io.out(shown(name, run.place.files.get(name === '.' ? path : name === '..' ? parentOf(path) : `${path === '/' ? '' : path}/${name}`)!));
  }
  return code;
};

/** Does one thing for each path, and says which it could not. */
const each = (name: string, work: (run: Run, path: string, on: ReadonlySet<string>) => string | undefined): Command => (run, args, io) => {
  const { on, rest } = options(args, name === 'mkdir' ? 'm' : '');
  if (rest.length === 0) { io.err(`BusyBox: ${name}: missing operand\n`); return 1; }
  let code = 0;
  for (const file of rest) {
    const refused = work(run, run.resolve(file), on);
    if (refused === undefined) continue;
    io.err(`${name}: ${name === 'mkdir' ? `can't create directory '${file}'` : name === 'rm' ? `can't remove '${file}'` : `'${file}'`}: ${refused}\n`);
    code = 1;
  }
  return code;
};

function makeDirectory(run: Run, path: string, on: ReadonlySet<string>): string | undefined {
  const known = run.place.files.get(path);
  if (known !== undefined) return on.has('p') && known.directory ? undefined : 'File exists';
  if (on.has('p') && run.place.files.get(parentOf(path)) === undefined) makeDirectory(run, parentOf(path), on);
  return run.place.files.put(path, '', { directory: true });
}

function removePath(run: Run, path: string, on: ReadonlySet<string>): string | undefined {
  const known = run.place.files.get(path);
  if (known === undefined) return on.has('f') ? undefined : 'No such file or directory';
  if (known.directory && !on.has('r') && !on.has('R')) return 'Is a directory';
  if (path === '/') return 'refusing to remove the root of a container';
  return run.place.files.remove(path);
}

function touchPath(run: Run, path: string): string | undefined {
  const known = run.place.files.get(path);
  return known?.directory === true ? undefined : run.place.files.put(path, known?.data ?? '');
}

const copy = (name: 'cp' | 'mv'): Command => (run, args, io) => {
  const { on, rest } = options(args);
  const to = rest.at(-1);
  if (to === undefined || rest.length < 2) { io.err(`BusyBox: ${name}: missing operand\n`); return 1; }
  const target = run.resolve(to);
  const { files } = run.place;
  for (const from of rest.slice(0, -1)) {
    const source = run.resolve(from);
    const node = files.get(source);
    if (node === undefined) { io.err(`${name}: can't stat '${from}': No such file or directory\n`); return 1; }
    if (node.directory && name === 'cp' && !on.has('r') && !on.has('R') && !on.has('a')) { io.err(`cp: omitting directory '${from}'\n`); return 1; }
    const at = files.get(target)?.directory === true ? `${target === '/' ? '' : target}/${source.slice(source.lastIndexOf('/') + 1)}` : target;
    for (const [path, { data, directory, mode }] of files.under(source)) {
      const refused = files.put(at + path.slice(source.length), data, { directory, mode });
      if (refused !== undefined) { io.err(`${name}: can't create '${to}': ${refused}\n`); return 1; }
    }
    if (name === 'mv') files.remove(source);
  }
  return 0;
};

const seq: Command = (_run, args, { out }) => {
  const [first, last] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
  const step = args.length === 3 ? Number(args[1]) : 1;
  for (let i = first, n = 0; (step > 0 ? i <= last : i >= last) && step !== 0 && n < 10_000; i += step, n++) out(`${i}\n`);
  return 0;
};

export const fileCommands: { readonly [name: string]: Command } = {
  cat, grep, wc, sort, tee, ls, seq, head: part('head', (lines, count) => lines.slice(0, count)), tail: part('tail', (lines, count) => lines.slice(-count)),
  mkdir: each('mkdir', makeDirectory), rm: each('rm', removePath), touch: each('touch', touchPath),
  rmdir: each('rmdir', (run, path) => (run.place.files.list(path).length > 0 ? 'Directory not empty' : removePath(run, path, new Set('r')))),
  cp: copy('cp'), mv: copy('mv'),
};
