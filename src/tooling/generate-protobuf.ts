/**
 * Writes `src/server/protobuf/messages.gen.ts`: the stable types of Kubernetes on the wire, as the Go types' tags say them. It reads the published Go modules:
 * `go mod download k8s.io/{api,apimachinery,apiextensions-apiserver,kube-aggregator}@v0.36.0`, then `npx tsx src/tooling/generate-protobuf.ts $(go env GOMODCACHE) v0.36.0`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(new URL('../server/protobuf/messages.gen.ts', import.meta.url));
const [cache, version] = process.argv.slice(2);
if (cache === undefined || version === undefined) throw new Error('npx tsx src/tooling/generate-protobuf.ts GOMODCACHE VERSION');

/** Import paths of packages, and what their types are called in the table. */
const shortOf = (path: string): string | undefined => {
  const versioned = /^k8s\.io\/(?:api|apiextensions-apiserver\/pkg\/apis|kube-aggregator\/pkg\/apis)\/(\w+)\/(v[12])$/.exec(path);
  if (versioned !== null) return `${versioned[1]}.${versioned[2]}`;
  if (path === 'k8s.io/apimachinery/pkg/apis/meta/v1') return 'meta';
  return /^k8s\.io\/apimachinery\/pkg\/(runtime|api\/resource|util\/intstr)$/.exec(path)?.[1]?.replace('/', '.');
};
const folderOf = (path: string): string => {
  const [, module = '', inside = ''] = /^(k8s\.io\/[\w-]+)\/(.+)$/.exec(path)!;
  return join(cache, `${module}@${version}`, inside);
};

const stable = (root: string): string[] => readdirSync(folderOf(root), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap((group) => readdirSync(join(folderOf(root), group.name)).filter((name) => /^v[12]$/.test(name)).map((name) => `${root}/${group.name}/${name}`));
const packages = [
  ...stable('k8s.io/api/.').map((path) => path.replace('/./', '/')), 'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1', 'k8s.io/kube-aggregator/pkg/apis/apiregistration/v1', 'k8s.io/apimachinery/pkg/apis/meta/v1',
];

interface Struct { readonly name: string; readonly fields: readonly string[] }
/** Named types that are something else underneath: `ResourceList` is `map[ResourceName]resource.Quantity`. */
const underneath = new Map<string, string>();
/** Lists that are messages of their own on the wire: `ExtraValue`, `Verbs`. */
const wrapped = new Map<string, string>();
const structs: Struct[] = [];
const scalars: Readonly<Record<string, string>> = { string: 's', bool: 'b', int32: 'i', int64: 'l', int: 'l', float64: 'd', byte: 'i', '[]byte': 'y' };

/** A Go type as other files may call it: `core.v1.PodSpec`. */
function qualified(type: string, own: string, imports: ReadonlyMap<string, string>): string {
  return type.replaceAll(/(\w+\.)?([A-Za-z]\w*)/g, (_whole, from: string | undefined, name: string) => {
    if (from === undefined) return name in scalars || name === 'map' ? name : `${own}.${name}`;
    const short = imports.get(from.slice(0, -1));
    return short === undefined ? 'string' : `${short}.${name}`;
  });
}

for (const path of packages) {
  const own = shortOf(path)!;
  for (const file of readdirSync(folderOf(path)).filter((name) => name.endsWith('.go') && !/_test\.go$|^zz_|generated/.test(name))) {
    const text = readFileSync(join(folderOf(path), file), 'utf8');
    const imports = new Map<string, string>();
    for (const [, alias, from] of text.matchAll(/^(?:import)?\s+(\w+ )?"(k8s\.io\/[^"]+)"$/gm)) {
      const short = shortOf(from!);
      if (short !== undefined) imports.set(alias?.trim() ?? from!.split('/').at(-1)!, short);
    }
    for (const [, name, body] of text.matchAll(/^type (\w+) struct ?\{(?:\}|\n([\s\S]*?)^\})/gm)) {
      structs.push({ name: `${own}.${name}`, fields: (body ?? '').split('\n').flatMap((line) => {
        const field = /^\s*(?:(\w+)\s+)?([\w.*[\]]+)\s+`(.*protobuf:"\w+,\d.*)`/.exec(line);
        if (field === null) return [];
        const [, goName, type, tags] = field;
        return [JSON.stringify([goName ?? type!.replace(/^\*?(\w+\.)?/, ''), qualified(type!, own, imports), tags])];
      }) });
    }
    for (const [, name, type] of text.matchAll(/^type (\w+) (?!struct|interface|func|=)([\w.*[\]]+)$/gm)) (type === '[]string' ? wrapped : underneath).set(`${own}.${name}`, qualified(type!, own, imports));
  }
}
const known = new Set([...structs.map(({ name }) => name), ...wrapped.keys(), 'api.resource.Quantity', 'util.intstr.IntOrString', 'runtime.RawExtension', 'meta.Time', 'meta.MicroTime']);

/** `*` where Go has a pointer, `[` a list, `{` a map, `!` where it writes what is zero too. */
function shape(type: string, always: boolean): string {
  const below = underneath.get(type);
  if (below !== undefined) return shape(below, always);
  if (scalars[type] !== undefined) return `${always ? '!' : ''}${scalars[type]}`;
  if (type.startsWith('*')) return `*${shape(type.slice(1), false)}`;
  if (type.startsWith('[]')) return `[${shape(type.slice(2), false)}`;
  if (type.startsWith('map[')) return `{${shape(type.slice(type.indexOf(']') + 1), false)}`;
  return `${always ? '!' : ''}${known.has(type) ? type : 's'}`;
}

const lines = structs.filter(({ name }) => !/List$/.test(name)).map(({ name, fields }) => [name, ...fields.map((field) => {
  const [goName, type, tags] = JSON.parse(field) as [string, string, string];
  const number = /protobuf:"\w+,(\d+)/.exec(tags)![1]!;
  const json = /json:"([^"]*)"/.exec(tags)?.[1] ?? goName;
  const inline = json.includes(',inline') || json === '';
  return `${inline ? '' : json.split(',')[0] === '-' ? goName : json.split(',')[0]}=${number}:${shape(type, !json.includes('omitempty') && !json.includes('omitzero') && !inline)}`;
})].join(' ')).concat([...wrapped].map(([name, type]) => `${name} items=1:${shape(type, false)}`)).sort();

writeFileSync(target, `// Generated by src/tooling/generate-protobuf.ts from the Go modules of Kubernetes ${version.replace('v0.', '1.')}. Do not edit.

/**
 * One message a line: its name, then its fields as \`name=number:type\`, without a name where Go embeds them; \`*\` before what is a pointer in Go, \`[\` before a list, \`{\` before a map of texts,
 * \`!\` before what Go writes as JSON even where it is zero; scalars are letters as in kubernetes/schema.
 */
export const messageTable = \`
${lines.join('\n')}
\`;
`);
