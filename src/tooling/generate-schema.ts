/**
 * Writes `src/kubernetes/schema/schema.gen.ts` from two npm packages, both made from Kubernetes' own OpenAPI document:
 * `@kubernetes/client-node` (types and formats of all fields, at run time; which are required, in its declarations) and
 * `kubernetes-models` (which texts are quantities, and every kind there is). Run it with `npx tsx src/tooling/generate-schema.ts`.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
export const schemaFile = join(root, 'src/kubernetes/schema/schema.gen.ts');
const require = createRequire(import.meta.url);
const modelsOf = (name: string): string => join(root, 'node_modules', name);
const clientModels = join(dirname(require.resolve('@kubernetes/client-node')), 'gen/models');

/** The classes of client-node to start from; the table holds everything they reach. */
const roots = [
  'V1Namespace', 'V1Node', 'V1Pod', 'V1Binding', 'V1Deployment', 'V1ReplicaSet', 'V1Service', 'V1Endpoints', 'V1EndpointSlice', 'V1ConfigMap', 'V1Secret',
  'V1ServiceAccount', 'V1Lease', 'CoreV1Event', 'EventsV1Event', 'V1ListMeta', 'V1Status', 'V1Scale', 'V1Eviction', 'AuthenticationV1TokenRequest', 'V1DeleteOptions',
];

/** `V1Pod` is Pod; where two groups have a type of one name, the later group's is told apart by a prefix. */
function shortName(className: string): string {
  const match = /^([A-Z][a-z]+)?V1(.+)$/.exec(className);
  if (match === null) throw new Error(`not a v1 type: ${className}`);
  const [, group, name = ''] = match;
  return group === 'Events' || group === 'Discovery' ? `${group.toLowerCase()}.${name}` : name;
}

async function attributesOf(className: string): Promise<readonly Attribute[]> {
  const module = (await import(pathToFileURL(join(clientModels, `${className}.js`)).href)) as Record<string, { readonly attributeTypeMap: readonly Attribute[] }>;
  const found = module[className];
  if (found === undefined) throw new Error(`client-node has no ${className}`);
  return found.attributeTypeMap;
}

function requiredFields(className: string): Set<string> {
  const text = readFileSync(join(clientModels, `${className}.d.ts`), 'utf8');
  return new Set([...text.matchAll(/^ {4}'([^']+)': /gm)].map((match) => match[1]!));
}

/** The fields of a core type that kubernetes-models declares as quantities, alone or as the values of a map. */
function quantityFields(name: string): Set<string> {
  let text: string;
  try {
    text = readFileSync(join(modelsOf('kubernetes-models'), 'v1', `${name}.d.ts`), 'utf8');
  } catch {
    return new Set();
  }
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return new Set([...bare.matchAll(/"(\w+)"\??:\s*(?:\{\s*\[key: string\]:\s*)?I\w*ResourceQuantity\b/g)].map((match) => match[1]!));
}

const primitives: Readonly<Record<string, string>> = {
  'string/': 's', 'boolean/': 'b', 'number/int32': 'i', 'number/int64': 'l', 'number/double': 'd', 'Date/date-time': 't', 'V1MicroTime/date-time-micro': 'm',
  'IntOrString/int-or-string': 'x', 'any/': 'a', 'string/byte': 'y',
};

/** A field's type in the table's shorthand; the classes it names are noted in `reached`. */
function shorthand({ type, format }: Attribute, isQuantity: boolean, reached: string[]): string {
  const array = /^Array<(.+)>$/.exec(type);
  if (array !== null) return `[${shorthand({ baseName: '', type: array[1]!, format }, isQuantity, reached)}`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map !== null) return `{${shorthand({ baseName: '', type: map[1]!, format }, isQuantity, reached)}`;
  if (isQuantity) return 'q';
  const known = primitives[`${type}/${format}`] ?? (type === 'string' ? 's' : undefined);
  if (known !== undefined) return known;
  reached.push(type);
  return shortName(type);
}

async function typeLines(): Promise<string[]> {
  const lines = new Map<string, string>();
  const waiting = [...roots];
  for (let className = waiting.pop(); className !== undefined; className = waiting.pop()) {
    const name = shortName(className);
    if (lines.has(name)) continue;
    const required = requiredFields(className);
    const quantities = quantityFields(name);
    const reached: string[] = [];
    const fields = (await attributesOf(className)).map((attribute) =>
      `${attribute.baseName}${required.has(attribute.baseName) ? '!' : ''}:${shorthand(attribute, quantities.has(attribute.baseName), reached)}`);
    lines.set(name, `${name} ${fields.join(' ')}`);
    waiting.push(...reached);
  }
  return [...lines.keys()].sort().map((name) => lines.get(name)!);
}

/** Every kind of Kubernetes that kubernetes-models declares, `apps/v1 DaemonSet Deployment …` on a line per version. */
function kindLines(): string[] {
  const folder = modelsOf('kubernetes-models');
  const kinds = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { recursive: true }) as string[]) {
    if (!entry.endsWith('.d.ts') || entry.startsWith('_')) continue;
    const text = readFileSync(join(folder, entry), 'utf8');
    const match = /"apiVersion": "([^"]+)";[\s\S]*?"kind": "([^"]+)";/.exec(text);
    if (match === null || match[2]!.endsWith('List')) continue;
    const [, version = '', kind = ''] = match;
    // Beta versions are old ones kept by the package, or off by default: a real server has no matches for them.
    if (!/v\d+$/.test(version)) continue;
    kinds.set(version, [...(kinds.get(version) ?? []), kind]);
  }
  return [...kinds.keys()].sort().map((version) => `${version} ${[...new Set(kinds.get(version))].sort().join(' ')}`);
}

/** The whole text of the generated file. */
export async function generateSchema(): Promise<string> {
  const version = (name: string): string => (JSON.parse(readFileSync(join(modelsOf(name), 'package.json'), 'utf8')) as { version: string }).version;
  return `// Generated by src/tooling/generate-schema.ts from @kubernetes/client-node ${version('@kubernetes/client-node')} and kubernetes-models ${version('kubernetes-models')} (Kubernetes 1.36). Do not edit.

/** One type a line: its name, then its fields as \`name:type\`, \`name!:type\` where required. The README says what the letters mean. */
export const typeTable = \`
${(await typeLines()).join('\n')}
\`;

/** Every kind of Kubernetes 1.36, one version of one group a line. */
export const kindTable = \`
${kindLines().join('\n')}
\`;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(schemaFile, await generateSchema());
}
