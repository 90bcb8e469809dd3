/** tar, as `kubectl cp` uses it: ustar archives to standard output and from standard input (POSIX.1-1988, with GNU's long names read). */
import { resolvePath } from './files.ts';
import type { Command } from './run.ts';

const block = 512;
const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
const pad = (text: string, width: number): string => text.slice(0, width).padEnd(width, '\0');

function header(name: string, size: number, mode: number, directory: boolean): string {
  const cut = name.length <= 100 ? -1 : name.lastIndexOf('/', 155);
  const [prefix, rest] = cut < 0 ? ['', name] : [name.slice(0, cut), name.slice(cut + 1)];
  const fields = (sum: string): string => pad(rest, 100) + octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12) + sum + (directory ? '5' : '0') + pad('', 100) + 'ustar\x0000' + pad('root', 32) + pad('root', 32) + octal(0, 8) + octal(0, 8) + pad(prefix, 155) + pad('', 12);
  let sum = 0;
  for (const char of fields('        ')) sum += char.charCodeAt(0);
  return fields(`${sum.toString(8).padStart(6, '0')}\0 `);
}

const filled = (data: string): string => data + '\0'.repeat((block - (data.length % block)) % block);
const textAt = (bytes: string, at: number, width: number): string => bytes.slice(at, at + width).split('\0')[0]!;

interface Entry { readonly name: string; readonly data: string; readonly directory: boolean; readonly mode: number }

function entriesOf(bytes: string): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  let long: string | undefined;
  for (let at = 0; at + block <= bytes.length;) {
    const name = textAt(bytes, at, 100);
    if (name === '' && textAt(bytes, at + 345, 155) === '') break;
    if (bytes.slice(at + 257, at + 262) !== 'ustar') return undefined;
    const size = Number.parseInt(textAt(bytes, at + 124, 12).trim() || '0', 8);
    const type = bytes[at + 156];
    const data = bytes.slice(at + block, at + block + size);
    const prefix = textAt(bytes, at + 345, 155);
    if (type === 'L') long = data.split('\0')[0]!;
    else if (type === 'x') long = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data)?.[1] ?? long;
    else {
      if (type === '0' || type === '\0' || type === '5') entries.push({ name: long ?? (prefix === '' ? name : `${prefix}/${name}`), data, directory: type === '5', mode: Number.parseInt(textAt(bytes, at + 100, 8).trim() || '644', 8) & 0o777 });
      long = undefined;
    }
    at += block + Math.ceil(size / block) * block;
  }
  return entries;
}

export const tar: Command = (run, args, io) => {
  let [mode, file, directory]: [string, string, string] = ['', '-', run.cwd];
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (i === 0 || /^-[a-zA-Z]/.test(arg)) {
      for (const letter of arg.replace(/^-/, '')) {
        if ('cxt'.includes(letter)) mode = letter;
        else if (letter === 'f') file = args[i += 1] ?? '-';
        else if (letter === 'C') directory = run.resolve(args[i += 1] ?? '.');
        else if (letter === 'z' || letter === 'j' || letter === 'J') { io.err('tar: compression is not known to this model\n'); return 2; }
      }
    } else if (!arg.startsWith('--')) names.push(arg);
  }
  const { files } = run.place;
  if (mode === 'c') {
    let [archive, code] = ['', 0];
    for (const name of names) {
      const root = resolvePath(directory, name);
      const found = files.under(root);
      if (found.length === 0) { io.err(`tar: ${name}: No such file or directory\ntar: error exit delayed from previous errors\n`); code = 1; continue; }
      if (name.startsWith('/')) io.err("tar: removing leading '/' from member names\n");
      for (const [path, node] of found) archive += header((name.replace(/^\/+/, '').replace(/\/+$/, '') || '.') + path.slice(root.length) + (node.directory ? '/' : ''), node.data.length, node.mode, node.directory) + filled(node.data);
    }
    const whole = archive + '\0'.repeat(2 * block);
    if (file === '-') io.out(whole);
    else files.put(run.resolve(file), whole);
    return code;
  }
  const entries = entriesOf(file === '-' ? io.stdin() : files.get(run.resolve(file))?.data ?? '');
  if (entries === undefined) { io.err('tar: invalid tar magic\n'); return 1; }
  for (const { name, data, directory: isDirectory, mode: rights } of entries) {
    const path = `${directory === '/' ? '' : directory}/${name.replace(/^\/+/, '').replace(/\/+$/, '')}`;
    if (mode === 't') { io.out(`${name}\n`); continue; }
    const parents = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= parents.length; depth++) {
      const parent = `/${parents.slice(0, depth).join('/')}`;
      if (files.get(parent) === undefined) files.put(parent, '', { directory: true });
    }
    const refused = isDirectory && files.get(path)?.directory === true ? undefined : files.put(path, data, { directory: isDirectory, mode: rights });
    if (refused !== undefined) { io.err(`tar: can't open '${name}': ${refused}\n`); return 1; }
  }
  return 0;
};
