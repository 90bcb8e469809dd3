import { parseLabelSelector } from '../../kubernetes/apimachinery/label-selector.ts';
import type { Matcher } from '../../kubernetes/apimachinery/label-selector.ts';
import { findServedKind } from '../../kubernetes/schema/gvk-table.ts';

/**
 * What one writes to find things: `kind:pod ns:default app=web status:Pending node:worker-1 nginx`. Parts are separated by spaces and must
 * all hold; values separated by commas are alternatives. Whatever has `=` or `in (…)` is a label selector with Kubernetes' own syntax.
 */
export interface SearchQuery {
  readonly text: string;
  /** Lower-cased alternatives by field. */
  readonly fields: Readonly<Partial<Record<Field, readonly (readonly string[])[]>>>;
  readonly labels: readonly Matcher[];
  /** Lower-cased; each stands somewhere in what a thing says of itself. */
  readonly words: readonly string[];
}
export type Field = 'kind' | 'namespace' | 'name' | 'status' | 'node';
export type ParsedSearch = { readonly query: SearchQuery } | { readonly problem: string };

const fieldNames: Readonly<Record<string, Field>> = { kind: 'kind', ns: 'namespace', namespace: 'namespace', name: 'name', status: 'status', node: 'node' };
/** Kinds that are no API kinds: programs on the stage. */
export const programKinds: readonly string[] = ['component', 'program'];

/** A part is a set-based label requirement, a quoted text, a field with a quoted value, or a run without spaces. */
const parts = /!?[^\s"=!()]+\s+(?:in|notin)\s*\([^)]*\)|(?:\w+:)?"[^"]*"|\S+/g;
const unquoted = (text: string): string => text.replace(/"/g, '');

/** Reads a query; `problem` says in a sentence what could not be understood. An empty text asks for nothing in particular: everything matches. */
export function parseSearch(text: string): ParsedSearch {
  const fields: Partial<Record<Field, (readonly string[])[]>> = {};
  const labels: Matcher[] = [];
  const words: string[] = [];
  for (const [part] of text.matchAll(parts)) {
    // An image's tag and an address's port are text: `nginx:1.27`.
    const [, name, value] = /^([A-Za-z]+):(.*)$/.exec(part) ?? [];
    if (part.startsWith('"')) words.push(unquoted(part).toLowerCase());
    else if (name !== undefined && value !== undefined && (name.toLowerCase() in fieldNames || !/^\d/.test(value))) {
      const field = fieldNames[name.toLowerCase()];
      if (field === undefined) return { problem: `There is no “${name}:”. What can be asked for is kind:, ns:, name:, status: and node:, labels such as app=web, and any text.` };
      const values = fieldValues(field, unquoted(value));
      if ('problem' in values) return values;
      (fields[field] ??= []).push(values.values);
    } else if (/[=!<>]|\s(in|notin)\s*\(/.test(part)) {
      try {
        labels.push(parseLabelSelector(part));
      } catch (error) {
        return { problem: `The label selector “${part}” can not be read: ${(error as Error).message}` };
      }
    } else words.push(unquoted(part).toLowerCase());
  }
  return { query: { text: text.trim(), fields, labels, words: words.filter((word) => word !== '') } };
}

function fieldValues(field: Field, text: string): { readonly values: readonly string[] } | { readonly problem: string } {
  const values = text.split(',').map((value) => value.trim()).filter((value) => value !== '');
  if (values.length === 0) return { problem: `“${field === 'namespace' ? 'ns' : field}:” waits for a value.` };
  if (field !== 'kind') return { values: values.map((value) => value.toLowerCase()) };
  const kinds: string[] = [];
  for (const value of values) {
    const kind = programKinds.some((word) => value.toLowerCase().replace(/s$/, '') === word) ? 'component' : findServedKind(value)?.kind.toLowerCase();
    // Upstream's words for the same mistake: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go.
    if (kind === undefined) return { problem: `The server doesn't have a resource type "${value}".` };
    kinds.push(kind);
  }
  return { values: kinds };
}

/** True when the query says nothing. */
export const isEmpty = (query: SearchQuery): boolean => query.words.length === 0 && query.labels.length === 0 && Object.keys(query.fields).length === 0;
