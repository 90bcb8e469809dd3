/** What the rules of a definition may cost. Models apiextensions-apiserver/pkg/apis/apiextensions/validation/{validation,cel_validation}.go. */
import { forbidden, type FieldError } from '../apimachinery/field-errors.ts';
import type { CelExpression } from '../cel/cel.ts';
import { valuesOf, type Schema } from './definition.ts';

const limit = 10_000_000;
const limitOfAll = 100_000_000;
const most = 2 ** 64;
const times = (cost: number, count: number): number => Math.min(most, cost * count);

/** Go's %f has six digits: a factor of 1.0 would say nothing. */
function tooExpensive(what: string, cost: number, budget: number): string {
  const factor = cost / budget;
  const said = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${said} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** Adds up the rules of one schema. */
export class RuleCosts {
  private total = 0;
  private readonly expensive: { readonly path: string; readonly cost: number }[] = [];
  private readonly everyRule: boolean;
  /** `everyRule`: whether each is held against the limit of one; those of a schema that stays as it was are not. */
  constructor(everyRule: boolean) { this.everyRule = everyRule; }

  /** A rule is counted as often as there may be values of its schema; what it says only once. */
  observe(errors: FieldError[], path: string, program: CelExpression, schema: Schema, isResource: boolean, count: number | undefined | 'once'): void {
    const found = program.mostCost(schema as Parameters<CelExpression['mostCost']>[0], isResource);
    if (found === undefined) return;
    const cost = times(found.cost, count === 'once' ? 1 : count ?? found.times);
    if (this.everyRule && cost > limit) errors.push(forbidden(path, tooExpensive(`estimated ${count === 'once' ? 'messageExpression' : 'rule'} cost`, cost, limit)));
    this.total = Math.min(most, this.total + cost);
    if (cost < limitOfAll / 100) return;
    this.expensive.push({ path, cost });
    this.expensive.sort((a, b) => b.cost - a.cost);
    this.expensive.length = Math.min(this.expensive.length, 4);
  }

  judgeAll(errors: FieldError[], path: string): void {
    if (this.total <= limitOfAll) return;
    for (const one of this.expensive) errors.push(forbidden(one.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'));
    errors.push(forbidden(path, tooExpensive('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', this.total, limitOfAll)));
  }
}

/** How many values there may be below one of these; undefined where nothing limits them. */
export function countBelow(schema: Schema, count: number | undefined): number | undefined {
  const own = schema.type === 'array' ? schema.maxItems : schema.type === 'object' && valuesOf(schema) !== undefined ? schema.maxProperties : 1;
  return count === undefined || own === undefined ? undefined : times(count, Math.max(0, own));
}
