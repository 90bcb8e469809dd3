/**
 * Writes `schema.gen.ts` and `kept-types.gen.ts` in `src/kubernetes/schema/` from two npm packages, both made from Kubernetes' own OpenAPI document:
 * `@kubernetes/client-node` (types and formats of all fields, at run time; which are required, in its declarations) and
 * `kubernetes-models` (which texts are quantities, and every kind there is). Run it with `npx tsx src/tooling/generate-schema.ts`.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
export const keptTypesFile = join(root, 'src/kubernetes/schema/kept-types.gen.ts');
const require = createRequire(import.meta.url);
const modelsOf = (name: string): string => join(root, 'node_modules', name);
const clientModels = join(dirname(require.resolve('@kubernetes/client-node')), 'gen/models');

/** The classes of client-node that the components' own kinds start from; the first table holds everything they reach. */
const roots = [
  'V1Namespace', 'V1Node', 'V1Pod', 'V1Binding', 'V1Deployment', 'V1ReplicaSet', 'V1Service', 'V1Endpoints', 'V1EndpointSlice', 'V1ConfigMap', 'V1Secret',
  'V1ServiceAccount', 'V1Lease', 'CoreV1Event', 'EventsV1Event', 'V1ListMeta', 'V1Status', 'V1Scale', 'V1Eviction', 'AuthenticationV1TokenRequest', 'V1DeleteOptions',
];

/** The kinds that only people's manifests bring; the second table holds what these reach beyond the first. */
const keptRoots = [
  'V1LimitRange', 'V1PersistentVolumeClaim', 'V1PersistentVolume', 'V1PodTemplate', 'V1ReplicationController', 'V1ResourceQuota', 'V1APIService', 'V1ControllerRevision', 'V1DaemonSet', 'V1StatefulSet',
  'V2HorizontalPodAutoscaler', 'V1HorizontalPodAutoscaler', 'V1CronJob', 'V1Job', 'V1CertificateSigningRequest', 'V1IngressClass', 'V1Ingress', 'V1IPAddress', 'V1NetworkPolicy', 'V1ServiceCIDR',
  'V1PodDisruptionBudget', 'V1ClusterRoleBinding', 'V1ClusterRole', 'V1RoleBinding', 'V1Role', 'V1CSIDriver', 'V1CSINode', 'V1CSIStorageCapacity', 'V1StorageClass', 'V1VolumeAttachment',
  'V1VolumeAttributesClass', 'V1MutatingAdmissionPolicy', 'V1MutatingAdmissionPolicyBinding', 'V1MutatingWebhookConfiguration', 'V1ValidatingAdmissionPolicy', 'V1ValidatingAdmissionPolicyBinding',
  'V1ValidatingWebhookConfiguration', 'V1CustomResourceDefinition', 'V1PriorityClass', 'V1RuntimeClass', 'V1FlowSchema', 'V1PriorityLevelConfiguration', 'V1DeviceClass', 'ResourceV1ResourceClaim',
  'V1ResourceClaimTemplate', 'V1ResourceSlice', 'V1SubjectAccessReview', 'V1SelfSubjectAccessReview', 'V1LocalSubjectAccessReview', 'V1SelfSubjectRulesReview', 'V1SelfSubjectReview', 'V1TokenReview',
];

/** Types of these groups keep their bare names where another group has a type of the same name. */
const barelyNamed = new Set(['Core', 'Authentication']);

/** `V1Pod` is Pod; where two groups or versions have a type of one name, the later's is told apart by a prefix. */
function shortName(className: string): string {
  const match = /^([A-Z][a-z]+)?V([12])(.+)$/.exec(className);
  if (match === null) throw new Error(`not a stable type: ${className}`);
  const [, group, version, name = ''] = match;
  if (version === '2') return `v2.${name}`;
  return group === undefined || barelyNamed.has(group) ? name : `${group.toLowerCase()}.${name}`;
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

/** Where kubernetes-models declares the types of each stable version of a group; the core group first. */
const modelFolders = ['v1', ...readdirSync(modelsOf('kubernetes-models'), { recursive: true, encoding: 'utf8' }).filter((name) => /^[a-z0-9.]+\/v[12]$/.test(name)).sort()];

/** The fields of a type that kubernetes-models declares as quantities, alone or as the values of a map. */
function quantityFields(name: string): Set<string> {
  const bareName = name.slice(name.indexOf('.') + 1);
  const folder = modelFolders.find((one) => existsSync(join(modelsOf('kubernetes-models'), one, `${bareName}.d.ts`)) && (!name.startsWith('v2.') || one.endsWith('/v2')));
  if (folder === undefined) return new Set();
  const bare = readFileSync(join(modelsOf('kubernetes-models'), folder, `${bareName}.d.ts`), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
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

/** The lines of all types that the classes reach, those that are known from before left out. */
async function typeLines(from: readonly string[], known: ReadonlyMap<string, string> = new Map()): Promise<Map<string, string>> {
  const lines = new Map<string, string>();
  const waiting = [...from];
  for (let className = waiting.pop(); className !== undefined; className = waiting.pop()) {
    const name = shortName(className);
    if (lines.has(name) || known.has(name)) continue;
    const required = requiredFields(className);
    const quantities = quantityFields(name);
    const reached: string[] = [];
    const fields = (await attributesOf(className)).map((attribute) =>
      `${attribute.baseName}${required.has(attribute.baseName) ? '!' : ''}:${shorthand(attribute, quantities.has(attribute.baseName), reached)}`);
    lines.set(name, `${name} ${fields.join(' ')}`);
    waiting.push(...reached);
  }
  return lines;
}

const inOrder = (lines: ReadonlyMap<string, string>): string => [...lines.keys()].sort().map((name) => lines.get(name)!).join('\n');

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

const version = (name: string): string => (JSON.parse(readFileSync(join(modelsOf(name), 'package.json'), 'utf8')) as { version: string }).version;
const header = (): string => `// Generated by src/tooling/generate-schema.ts from @kubernetes/client-node ${version('@kubernetes/client-node')} and kubernetes-models ${version('kubernetes-models')} (Kubernetes 1.36). Do not edit.`;

/** The whole texts of the generated files. */
export async function generateSchema(): Promise<{ readonly schema: string; readonly keptTypes: string }> {
  const own = await typeLines(roots);
  const kept = await typeLines(keptRoots, own);
  return {
    schema: `${header()}

/** One type a line: its name, then its fields as \`name:type\`, \`name!:type\` where required. The README says what the letters mean. */
export const typeTable = \`
${inOrder(own)}
\`;

/** Every kind of Kubernetes 1.36, one version of one group a line. */
export const kindTable = \`
${kindLines().join('\n')}
\`;
`,
    keptTypes: `${header()}

/** The types of the kinds that only manifests bring, as in \`schema.gen.ts\`. */
export const keptTypeTable = \`
${inOrder(kept)}
\`;
`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { schema, keptTypes } = await generateSchema();
  writeFileSync(schemaFile, schema);
  writeFileSync(keptTypesFile, keptTypes);
}
