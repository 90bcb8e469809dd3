/** The columns that a CustomResourceDefinition names. Models apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go. */
import type { PrinterColumn } from '../apiextensions/definition.ts';
import { findAll } from '../apiextensions/simple-path.ts';
import type { KubeObject } from '../api/index.ts';
import { parseTime } from '../apimachinery/time.ts';
import { since, type Cell } from './cells.ts';

export interface CustomColumn { readonly name: string; readonly type: string; readonly format: string; readonly description: string; readonly priority: number; readonly of: (object: KubeObject, nowUs: number) => Cell | boolean | null }

const nameWords = 'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const nameColumn: CustomColumn = { name: 'Name', type: 'string', format: 'name', description: nameWords, priority: 0, of: ({ metadata }) => metadata.name };

const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function cellOf(type: string, value: unknown, nowUs: number): Cell | boolean | null {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string': return text(value);
    case 'integer': return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number': return typeof value === 'number' ? value : null;
    case 'boolean': return typeof value === 'boolean' ? value : null;
    case 'date': return typeof value !== 'string' ? null : parseTime(value) === undefined ? '<invalid>' : since(value, nowUs);
    default: return null;
  }
}

/** The name, and what the definition asks for. */
export const customColumns = (columns: readonly PrinterColumn[]): readonly CustomColumn[] => [nameColumn, ...columns.map(({ name, type, format = '', description = '', priority = 0, jsonPath }): CustomColumn => ({
  name, type, format, description: description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description, priority,
  of: (object, nowUs) => cellOf(type, findAll(object, jsonPath)?.[0], nowUs),
}))];
