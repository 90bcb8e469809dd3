/** What the text of a body names twice, in upstream's words: reading it as JavaScript does loses that. */
import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';

/** Models sigs.k8s.io/json: `duplicate field "spec.replicas"`, in the order of the text, which is known to be JSON. */
export function duplicatesInJson(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  const skip = (): void => { while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at += 1; };
  const string = (): string => {
    const from = at;
    for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    at += 1;
    return text.slice(from, at);
  };
  const members = (end: string, member: (i: number) => void): void => {
    at += 1;
    for (let i = 0; skip(), text[at] !== end; i += 1) {
      if (text[at] === ',') { at += 1; skip(); }
      member(i);
    }
    at += 1;
  };
  const value = (path: string): void => {
    skip();
    if (text[at] === '{') {
      const seen = new Set<string>();
      members('}', () => {
        const name = JSON.parse(string()) as string;
        const field = path === '' ? name : `${path}.${name}`;
        if (seen.has(name)) found.push(`duplicate field ${JSON.stringify(field)}`);
        seen.add(name);
        skip();
        at += 1;
        value(field);
      });
    } else if (text[at] === '[') members(']', (i) => value(`${path}[${i}]`));
    else if (text[at] === '"') string();
    else while (at < text.length && !',]} \n\r\t'.includes(text[at]!)) at += 1;
  };
  value('');
  return found;
}

/** The last of what is named twice counts. Models go.yaml.in/yaml/v2: `line 9: key "foo" already set in map`. */
export function readYaml(text: string): { readonly body: unknown; readonly duplicates: readonly string[] } {
  const lineCounter = new LineCounter();
  const read = parseDocument(text, { uniqueKeys: false, logLevel: 'error', lineCounter });
  if (read.errors.length > 0) throw read.errors[0]!;
  const duplicates: string[] = [];
  visit(read, {
    // Models go.yaml.in/yaml/v2/decode.go: alias.
    Alias(_key, alias, path) {
      if (path.includes(alias.resolve(read)!)) throw new Error(`yaml: anchor '${alias.source}' value contains itself`);
    },
    Map(_key, map) {
      if (!isMap(map)) return;
      const seen = new Set<string>();
      for (const { key, value } of map.items) {
        const name = isScalar(key) ? String(key.value) : '';
        const [from = 0] = (value as { readonly range?: readonly number[] } | null)?.range ?? (key as { readonly range?: readonly number[] }).range ?? [];
        if (seen.has(name)) duplicates.push(`line ${lineCounter.linePos(from).line}: key ${JSON.stringify(name)} already set in map`);
        seen.add(name);
      }
    },
  });
  return { body: read.toJS({ maxAliasCount: 100 }), duplicates };
}
