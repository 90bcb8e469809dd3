import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

/** What one import, export-from or dynamic import names, or (`isAddress`) a worker's URL or a glob, and whether it brings in nothing but types. */
export interface Import { readonly from: string; readonly typesOnly: boolean; readonly isAddress: boolean; readonly line: number }

/**
 * A name used in the code (not in a comment or a string), in the ways a ban may spell it: `Date` standing alone,
 * `.sessionId` behind any dot, `Math.random` behind that name and dot.
 */
export interface Use { readonly spellings: readonly string[]; readonly line: number }

/** One source file as the rules see it. `path` is relative to `src`, with forward slashes. */
export interface SourceFile { readonly path: string; readonly lines: number; readonly head: string; readonly imports: readonly Import[]; readonly uses: readonly Use[] }

interface Node { readonly type: string; readonly start: number; readonly [key: string]: unknown }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Visits a syntax tree from the top, telling each node its parent and the name under which the parent holds it. */
function walk(node: Node, visit: (node: Node, parent: Node | undefined, role: string) => void, parent?: Node, role = ''): void {
  visit(node, parent, role);
  for (const key in node) {
    const child = node[key];
    if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) walk(item, visit, node, key);
    } else if (isNode(child)) walk(child, visit, node, key);
  }
}

const isName = (node: unknown, name: string): boolean => isNode(node) && node.type === 'Identifier' && node['name'] === name;
const isImportMeta = (node: unknown): boolean => isNode(node) && node.type === 'MetaProperty';

/** The text a node spells out, or undefined where it is only known at run time. */
function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type === 'TSLiteralType') return literalText(node['literal']);
  if (node.type !== 'TemplateLiteral' || (node['expressions'] as unknown[]).length > 0) return undefined;
  return (node['quasis'] as { value: { cooked: string } }[])[0]?.value.cooked;
}

/** What a call imports: `new URL('…', import.meta.url)` (a worker) and `import.meta.glob('…')`. */
function addressedBy(node: Node): readonly unknown[] {
  const inputs = node['arguments'] as readonly unknown[];
  if (node.type === 'NewExpression' && isName(node['callee'], 'URL')) {
    const here = inputs[1];
    return isNode(here) && here.type === 'MemberExpression' && isImportMeta(here['object']) ? [inputs[0]] : [];
  }
  const callee = node['callee'];
  if (!isNode(callee) || callee.type !== 'MemberExpression' || !isImportMeta(callee['object']) || !isName(callee['property'], 'glob')) return [];
  const patterns = inputs[0];
  return isNode(patterns) && patterns.type === 'ArrayExpression' ? (patterns['elements'] as readonly unknown[]) : [patterns];
}

/** The import expressions of one node, each with whether it brings in only types; a computed one comes out as undefined. */
function importsOf(node: Node): readonly { readonly from: string | undefined; readonly typesOnly: boolean }[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return [{ from: literalText(node['source']), typesOnly: node['importKind'] === 'type' }];
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node['source']) ? [{ from: literalText(node['source']), typesOnly: node['exportKind'] === 'type' }] : [];
    case 'ImportExpression':
      return [{ from: literalText(node['source']), typesOnly: false }];
    case 'TSImportType':
      return [{ from: literalText(node['source'] ?? node['argument']), typesOnly: true }];
    case 'CallExpression':
    case 'NewExpression':
      return addressedBy(node).map((from) => ({ from: literalText(from), typesOnly: false }));
    default:
      return [];
  }
}

/** True for a key of the author's own: `{ performance: 1 }` and `interface X { date: string }` use nothing, `{ performance }` does. */
function isLabel(parent: Node | undefined, role: string): boolean {
  if (role !== 'key' || parent === undefined || parent['computed'] === true) return false;
  return parent['shorthand'] !== true;
}

/** The ways to spell a member: behind any dot, and behind the name it is taken from. What is taken from `globalThis` stands as good as alone. */
function memberSpellings(owner: unknown, name: string): readonly string[] {
  if (isName(owner, 'globalThis')) return [`.${name}`, name];
  return isNode(owner) && owner.type === 'Identifier' ? [`.${name}`, `${String(owner['name'])}.${name}`] : [`.${name}`];
}

/** The spellings of what one node uses; none for most nodes. */
function spellingsOf(node: Node, parent: Node | undefined, role: string): readonly string[] {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node['await'] === true)) return ['await'];
  if (node['async'] === true && node.type.includes('Function')) return ['async'];
  if (node.type === 'MemberExpression' && node['computed'] === true) {
    const name = literalText(node['property']);
    return name === undefined ? [] : memberSpellings(node['object'], name);
  }
  if (node.type !== 'Identifier' || isLabel(parent, role)) return [];
  const name = node['name'] as string;
  if (parent?.type === 'MemberExpression' && role === 'property' && parent['computed'] !== true) return memberSpellings(parent['object'], name);
  if (parent?.type === 'TSQualifiedName' && role === 'right') return memberSpellings(parent['left'], name);
  // `const { sessionId } = actor` takes a member too.
  return parent?.type === 'Property' && parent['shorthand'] === true ? [name, `.${name}`] : [name];
}

/** Reads one file's text. Throws with the file's name when it can not be parsed. */
export function readSource(path: string, text: string): SourceFile {
  const result = parseSync(path, text);
  const [problem] = result.errors;
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const imports: Import[] = [];
  const uses: Use[] = [];
  walk(result.program as unknown as Node, (node, parent, role) => {
    for (const { from, typesOnly } of importsOf(node)) imports.push({ from: from ?? '(computed)', typesOnly, isAddress: /^(Call|New)/.test(node.type), line: lineAt(node.start) });
    const spellings = spellingsOf(node, parent, role);
    // Most uses are of no interest to anyone, so the line is counted only when asked for.
    if (spellings.length > 0) uses.push({ spellings, get line() { return lineAt(node.start); } });
  });
  return { path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), head: text.slice(0, 400), imports, uses };
}

/** Every path under a folder, relative to it, with forward slashes: files, and folders with a slash at their end. */
export function listTree(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(below, entry.name);
    return entry.isDirectory() ? [`${path}/`, ...listTree(folder, path)] : [path];
  });
}

/** The project's `src` folder. */
export const sourceFolder = fileURLToPath(new URL('../', import.meta.url));

/** Reads every source file among the given paths. */
export function readSources(paths: readonly string[], folder = sourceFolder): SourceFile[] {
  return paths.filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path)).map((path) => readSource(path, readFileSync(join(folder, path), 'utf8')));
}
