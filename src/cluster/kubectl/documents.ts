/** From documents to the objects they hold. Models cli-runtime/pkg/resource/visitor.go: StreamVisitor, FlattenListVisitor, SetNamespace. */
import { goJson } from '../../kubernetes/apimachinery/go-json.ts';
import { noMatchError, validationError, type CommandError } from './messages.ts';
import { findMapping, type Mapping, type Mappings } from './rest-mapping.ts';

export interface SourceDocument { readonly value: unknown; readonly source?: string }

type Json = { readonly [key: string]: unknown };

/** An object of a manifest with where it goes; lists are taken apart. */
export interface Item {
  readonly documentIndex: number;
  readonly source: string;
  readonly object: Json;
  readonly mapping: Mapping;
  readonly name: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
}

export interface DocumentError { readonly documentIndex: number; readonly error: CommandError }
export interface ReadDocuments { readonly items: readonly Item[]; readonly errors: readonly DocumentError[] }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** kubectl/pkg/validation/schema.go: getObjectKind. */
function typeProblems(value: unknown): readonly string[] {
  if (!isObject(value)) return ['invalid object to validate'];
  const problems: string[] = [];
  for (const field of ['apiVersion', 'kind'] as const) {
    const said = value[field];
    if (said === undefined || said === null || said === '') problems.push(`${field} not set`);
    else if (typeof said !== 'string') problems.push(`${field} isn't string type`);
  }
  return problems;
}

/** Kinds that are real but that this cluster does not serve: what to tell a reader besides kubectl's words. */
export type HintOf = (apiVersion: string, kind: string) => string | undefined;

/**
 * Reads all documents before anything is sent, as kubectl does. A document that is no object of a kind ends the reading of its file;
 * a kind that the server does not serve is an error of that document only.
 */
export function readDocuments(documents: readonly SourceDocument[], fileName: string, mappings: Mappings, hintOf: HintOf): ReadDocuments {
  const items: Item[] = [];
  const errors: DocumentError[] = [];
  const broken = new Set<string>();
  documents.forEach(({ value, source = fileName }, documentIndex) => {
    if (broken.has(source)) return;
    const problems = typeProblems(value);
    if (problems.length > 0) {
      errors.push({ documentIndex, error: validationError(source, problems) });
      broken.add(source);
      return;
    }
    for (const object of flatten(value as Json)) {
      const read = readObject(object, documentIndex, source, mappings, hintOf);
      if ('error' in read) errors.push({ documentIndex, error: read.error }); else items.push(read);
    }
  });
  return { items, errors };
}

/** An object with a list of items is a list, whatever its kind is called. */
function flatten(object: Json): readonly Json[] {
  const { items } = object;
  if (!Array.isArray(items)) return [object];
  return (items as readonly unknown[]).filter(isObject).flatMap(flatten);
}

function readObject(object: Json, documentIndex: number, source: string, mappings: Mappings, hintOf: HintOf): Item | { readonly error: CommandError } {
  const { apiVersion, kind } = object;
  if (typeof kind !== 'string' || kind === '') return { error: { message: `unable to decode ${JSON.stringify(source)}: Object 'Kind' is missing in '${goJson(object)}'` } };
  if (typeof apiVersion !== 'string' || apiVersion === '') return { error: { message: `unable to decode ${JSON.stringify(source)}: Object 'apiVersion' is missing in '${goJson(object)}'` } };
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : '';
  const given = typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '';
  const mapping = findMapping(mappings, apiVersion, kind);
  if (mapping === undefined) {
    const hint = hintOf(apiVersion, kind);
    const error = noMatchError(apiVersion, kind, name, given, source);
    return { error: hint === undefined ? error : { ...error, hint } };
  }
  if (!mapping.namespaced) return { documentIndex, source, object, mapping, name, namespace: '' };
  const namespace = given === '' ? 'default' : given;
  return { documentIndex, source, mapping, name, namespace, object: given === namespace ? object : { ...object, metadata: { ...metadata, namespace } } };
}
