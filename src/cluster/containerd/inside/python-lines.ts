/** The few lines of Python that examples of Jobs consist of: `import`, `print("…")`, `sys.exit(n)`, and `if` on a variable of the environment. */
export interface Told { readonly exitCode: number; readonly lines: readonly string[] }

class NotModelled extends Error {}
class Ended extends Error {
  readonly code: number;
  constructor(code: number) { super('exit'); this.code = code; }
}
interface Line { readonly indent: number; readonly text: string }
type Variables = readonly { readonly name: string; readonly value: string }[];

/** What such a program says and ends with; undefined where it is another. */
export function runPython(script: string, env: Variables): Told | undefined {
  const lines = script.split('\n').map((line): Line => ({ indent: line.length - line.trimStart().length, text: line.trim() })).filter(({ text }) => text !== '' && !text.startsWith('#'));
  const said: string[] = [];
  try {
    runBlock(lines, env, said);
    return { exitCode: 0, lines: said };
  } catch (error) {
    if (error instanceof Ended) return { exitCode: error.code, lines: said };
    if (error instanceof NotModelled) return undefined;
    throw error;
  }
}

function runBlock(lines: readonly Line[], env: Variables, said: string[]): void {
  for (let at = 0; at < lines.length;) {
    const { indent, text } = lines[at]!;
    const body = blockAfter(lines, at);
    const condition = /^if (.+):$/.exec(text)?.[1];
    if (condition === undefined) {
      if (body.length > 0) throw new NotModelled();
      runStatement(text, said);
      at += 1;
      continue;
    }
    at += 1 + body.length;
    const other = lines[at]?.indent === indent && lines[at]!.text === 'else:' ? blockAfter(lines, at) : [];
    if (other.length > 0) at += 1 + other.length;
    runBlock(holds(condition, env) ? body : other, env, said);
  }
}

function blockAfter(lines: readonly Line[], at: number): readonly Line[] {
  let end = at + 1;
  while (end < lines.length && lines[end]!.indent > lines[at]!.indent) end += 1;
  return lines.slice(at + 1, end);
}

function runStatement(text: string, said: string[]): void {
  const exit = /^sys\.exit\((\d*)\)$/.exec(text);
  if (exit !== null) throw new Ended(Number(exit[1]) & 255);
  const print = /^print\((["'])(.*)\1\)$/.exec(text);
  if (print !== null) said.push(print[2]!);
  else if (!/^(import [\w, ]+|pass)$/.test(text)) throw new NotModelled();
}

/** `os.environ.get("A") == "2"`, `int(os.environ.get("A")) % 2 == 0`. */
function holds(condition: string, env: Variables): boolean {
  const match = /^(int\()?os\.environ(?:\.get\(["'](\w+)["']\)|\[["'](\w+)["']\])\)?(?: % (\d+))? (==|!=) (?:["'](.*)["']|(\d+))$/.exec(condition);
  if (match === null || (match[1] === undefined) !== (match[7] === undefined)) throw new NotModelled();
  const value = env.find(({ name }) => name === (match[2] ?? match[3]))?.value;
  if (value === undefined && match[1] !== undefined) throw new NotModelled();
  const left = match[1] === undefined ? value : match[4] === undefined ? Number(value) : Number(value) % Number(match[4]);
  return (left === (match[1] === undefined ? match[6] : Number(match[7]))) === (match[5] === '==');
}
