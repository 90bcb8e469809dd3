/**
 * Writes `src/server/openapi/definitions.gen.json`: what each type of the table is really called, and what Kubernetes says of it and its fields.
 * From `@kubernetes/client-node` (the words, in its declarations) and `kubernetes-models` (which group a type belongs to). Run it with `npx tsx src/tooling/generate-openapi.ts`.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptTypeTable } from '../kubernetes/schema/kept-types.gen.ts';
import { typeTable } from '../kubernetes/schema/schema.gen.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const definitionsFile = join(root, 'src/server/openapi/definitions.gen.json');
const clientModels = join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'gen/models');
const models = join(root, 'node_modules/kubernetes-models');
const metaModels = join(root, 'node_modules/@kubernetes-models/apimachinery/apis/meta/v1');
const folders = ['v1', ...readdirSync(models, { recursive: true, encoding: 'utf8' }).filter((name) => /^[a-z0-9.]+\/v[12]$/.test(name)).sort()];

/** Groups whose types do not live in k8s.io/api. */
const elsewhere: Readonly<Record<string, string>> = { 'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions', 'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration' };

/** `io.k8s.api.apps.v1.Deployment`, the name of a type in the OpenAPI documents, and where kubernetes-models declares it. */
function modelOf(type: string): { readonly name: string; readonly file: string } {
  const dot = type.indexOf('.');
  const [prefix, bare] = [type.slice(0, Math.max(dot, 0)), type.slice(dot + 1)];
  const meta = join(metaModels, `${bare}.d.ts`);
  if (prefix === '' && existsSync(meta)) return { name: `io.k8s.apimachinery.pkg.apis.meta.v1.${bare}`, file: meta };
  const fits = (folder: string): boolean => (prefix === '' ? true : prefix === 'v2' ? folder.endsWith('/v2') : folder.startsWith(`${prefix}.`) || folder.startsWith(`${prefix}/`));
  const folder = folders.find((one) => fits(one) && existsSync(join(models, one, `${bare}.d.ts`)));
  if (folder === undefined) throw new Error(`kubernetes-models has no ${type}`);
  const file = join(models, folder, `${bare}.d.ts`);
  if (folder === 'v1') return { name: `io.k8s.api.core.v1.${bare}`, file };
  const [group = '', version] = folder.split('/');
  return { name: `${elsewhere[group] ?? `io.k8s.api.${group.split('.')[0]}`}.${version}.${bare}`, file };
}

/** The declaration of a type in client-node, which puts the group in front where names meet. */
function declarationOf(type: string): string | undefined {
  const dot = type.indexOf('.');
  const [prefix, bare] = [type.slice(0, Math.max(dot, 0)), type.slice(dot + 1)];
  const names = prefix === 'v2' ? [`V2${bare}`] : prefix === '' ? [`V1${bare}`, `CoreV1${bare}`, `AuthenticationV1${bare}`] : [`${prefix[0]!.toUpperCase()}${prefix.slice(1)}V1${bare}`];
  const name = names.find((one) => existsSync(join(clientModels, `${one}.d.ts`)));
  return name === undefined ? undefined : readFileSync(join(clientModels, `${name}.d.ts`), 'utf8');
}

const words = (comment: string): string => comment.replaceAll(/\n\s*\* ?/g, '\n').replaceAll(/\\(["'])/g, '$1').trim();

/** What each field is said to be; client-node is silent on fields of another type, kubernetes-models is not. */
function fieldWords(text: string, modelFile: string): Readonly<Record<string, string>> {
  const comments = (declaration: string, quote: string): [string, string][] =>
    [...declaration.matchAll(new RegExp(`/\\*\\*\\n +\\* ?((?:(?!\\*/)[\\s\\S])*?)\\n +\\*/\\n +${quote}([^${quote}]+)${quote}\\??:`, 'g'))].map(([, comment, field]) => [field!, words(comment!)]);
  return { ...Object.fromEntries(comments(readFileSync(modelFile, 'utf8'), '"')), ...Object.fromEntries(comments(text, "'")) };
}

/** One type a line, so that a new version of Kubernetes reads as a difference. */
export function generateOpenApi(): string {
  const types = `${typeTable}\n${keptTypeTable}`.split('\n').filter((line) => line !== '').map((line) => line.slice(0, line.indexOf(' ')));
  const lists = types.map((type) => `${type}List`).filter((list) => !types.includes(list) && declarationOf(list) !== undefined);
  const lines = [...types, ...lists].sort().map((type) => {
    const text = declarationOf(type);
    if (text === undefined) throw new Error(`client-node has no ${type}`);
    const description = /\/\*\*\n\* ?([\s\S]*?)\n\*\/\nexport declare class/.exec(text)?.[1];
    const { name, file } = modelOf(type);
    return `${JSON.stringify(type)}: ${JSON.stringify({ name, ...(description === undefined ? {} : { description: words(description) }), fields: fieldWords(text, file) })}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(definitionsFile, generateOpenApi());
