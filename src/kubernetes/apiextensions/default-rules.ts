/** Defaults must be what their schema asks for. Models apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go: ValidateDefaults. */
import { deepEqual } from '../apimachinery/equality.ts';
import { invalid, type FieldError } from '../apimachinery/field-errors.ts';
import { itemsOf, type Schema } from './definition.ts';
import { coerced, embeddedProblems } from './object-meta.ts';
import { objectProblems } from './object-rules.ts';
import { pruned } from './pruning.ts';

export function defaultProblems(errors: FieldError[], schema: Schema, path: string): void {
  const { default: given } = schema;
  if (given !== undefined) {
    const at = `${path}.default`;
    const embedded = schema['x-kubernetes-embedded-resource'] === true;
    if (!deepEqual(pruned(given, schema, embedded).value, given)) errors.push(invalid(at, given, 'must not have unknown fields'));
    const { wrong } = coerced(given, schema, at, embedded);
    const meta = wrong === undefined ? embeddedProblems(schema, given, at) : [wrong];
    errors.push(...meta.length > 0 ? meta : objectProblems(schema, given, at));
  }
  const items = itemsOf(schema);
  if (items !== undefined) defaultProblems(errors, items, `${path}.items`);
  for (const [name, one] of Object.entries(schema.properties ?? {})) defaultProblems(errors, one, `${path}.properties[${name}]`);
}
