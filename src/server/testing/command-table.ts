/** A file of commands and what they print: `# ` a remark, `$ ` a command (`> ` its further lines), below it what it printed. */

export interface Entry {
  /** '' for remarks between commands. */
  readonly command: string;
  readonly printed: string;
}

export function readTable(text: string): readonly Entry[] {
  const entries: { command: string; printed: string }[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const last = entries.at(-1);
    if (line.startsWith('$ ')) entries.push({ command: line.slice(2), printed: '' });
    else if (line.startsWith('## ') || last === undefined) entries.push({ command: '', printed: `${line}\n` });
    else if (line.startsWith('> ') && last.printed === '') last.command += `\n${line.slice(2)}`;
    else last.printed += `${line}\n`;
  }
  return entries;
}

export const writeTable = (entries: readonly Entry[]): string =>
  entries.map(({ command, printed }) => (command === '' ? printed : `$ ${command.replaceAll('\n', '\n> ')}\n${printed}`)).join('');

/** Random letters of names, as `utilrand.String` draws them: no vowels, no 0, 1, 3. */
const drawn = '[bcdfghjklmnpqrstvwxz2456789]{5}';

/** What differs between two runs of one world for clients that come at other moments. Columns are drawn together, since their widths differ with it. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d UTC \d{4}/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<time>'],
  [/\b[0-9a-f]{64}\b(?<!sha256:.{64})/g, '<id>'],
  [/(resourceVersion"?: ?")\d+/g, '$1<version>'],
  [new RegExp(`((?:-[0-9a-z]{6,10}|kube-api-access|shop|web|agent|once|now|debugger))-${drawn}\\b`, 'g'), '$1-<drawn>'],
  [/\b10\.(?:9[6-9]|10\d|11[01])\.\d+\.\d+\b(?<!10\.96\.0\.1)/g, '<cluster-ip>'],
  [/\b10\.244\.\d+\.\d+\b/g, '<pod-ip>'],
  [/\b172\.18\.0\.[3-5]\b/g, '<node-ip>'],
  [/\bworker-[1-3]\b/g, 'worker-N'],
  [/(Successfully pulled image "[^"]+" in )\S+ \(\S+ including/g, '$1<time> (<time> including'],
  [/(?<![\w.=/-])(\d+[dhms])+( \(x\d+ over [^)]+\))?(?![\w.])/g, '<age>'],
  [/\b3[0-2]\d{3}\/TCP/g, '<node-port>/TCP'],
  [/(?<=\S) {2,}/g, '   '],
  [/ +$/gm, ''],
];

export function normalised(text: string): string {
  let shown = text;
  for (const [pattern, put] of rules) shown = shown.replace(pattern, put);
  return shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`;
}
