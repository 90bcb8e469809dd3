/** x-kubernetes-validations: rules in CEL. Models apiextensions-apiserver/pkg/apiserver/schema/cel/{compilation,validation}.go. */
import { deepEqual } from '../apimachinery/equality.ts';
import { duplicate, forbidden, invalid, required, type FieldError } from '../apimachinery/field-errors.ts';
import { isCompileError, type CelExpression, type CelSchema } from '../cel/cel.ts';
import { cel } from '../cel/index.ts';
import { isJson, itemsOf, valuesOf, type Schema, type ValidationRule } from './definition.ts';
import { countBelow, RuleCosts } from './rule-costs.ts';

interface Compiled { readonly rule: ValidationRule; readonly usesOld: boolean; readonly program: CelExpression | string; readonly withoutOld?: CelExpression | string; readonly message?: CelExpression | string }

const known = new WeakMap<Schema, readonly Compiled[]>();

/** The rules of one part of a schema, compiled when they are first needed. */
function rulesOf(schema: Schema): readonly Compiled[] {
  let compiled = known.get(schema);
  if (compiled === undefined) known.set(schema, compiled = (schema['x-kubernetes-validations'] ?? []).map((rule) => compileRule(schema, rule)));
  return compiled;
}

/** `oldSelf` as a name, outside of texts. */
const oldSelf = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<![.\w])oldSelf\b/g;
const withOld = (expression: string, by: string): string => expression.replace(oldSelf, (whole, text: string | undefined) => text ?? (whole === '' ? '' : by));
const namesOld = (expression: string): boolean => withOld(expression, '') !== expression;

function compileRule(schema: Schema, rule: ValidationRule): Compiled {
  const { rule: text = '', messageExpression = '', optionalOldSelf } = rule;
  const compile = (expression: string, type: string, words: string): CelExpression | string => {
    const found = cel.compile(expression, { self: schema as CelSchema, oldSelf: schema as CelSchema });
    if (isCompileError(found)) return `${words}compilation failed: ${found.compileError}`;
    return found.type === type || found.type === 'dyn' ? found : type === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string';
  };
  // The language has no names of an optional type here: the value is put into one where it is read.
  const program = compile(optionalOldSelf === true ? withOld(text, 'optional.of(oldSelf)') : text, 'bool', '');
  return {
    rule, program, usesOld: namesOld(text), ...(optionalOldSelf === true ? { withoutOld: compile(withOld(text, 'optional.none()'), 'bool', '') } : {}),
    ...(messageExpression === '' ? {} : { message: compile(messageExpression, 'string', 'messageExpression ') }),
  };
}

/** A rule as Go shows the value of its internal type. */
const shown = ({ rule = '', message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: ValidationRule): object =>
  ({ Rule: rule, Message: message, MessageExpression: messageExpression, Reason: reason ?? null, FieldPath: fieldPath, OptionalOldSelf: optionalOldSelf ?? null });

/** Where a part of a schema stands. */
interface Place {
  readonly costs: RuleCosts;
  readonly isResource: boolean;
  /** How many values there may be; undefined where nothing limits them. */
  readonly count: number | undefined;
  /** Where items begin that cannot be found again in the old value. */
  readonly uncorrelated?: string;
}

/** What is wrong with the rules of a definition; `everyRule`: whether each is held against the limit of what one may cost. */
export function ruleProblems(errors: FieldError[], schema: Schema, path: string, everyRule = true): void {
  const costs = new RuleCosts(everyRule);
  problemsBelow(errors, schema, path, { costs, isResource: true, count: 1 });
  costs.judgeAll(errors, path);
}

function problemsBelow(errors: FieldError[], schema: Schema, path: string, place: Place): void {
  const { costs, isResource, count, uncorrelated } = place;
  rulesOf(schema).forEach(({ rule, program, message, usesOld }, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if ((rule.rule ?? '').trim() === '') return;
    if (typeof program !== 'string') costs.observe(errors, `${at}.rule`, program, schema, isResource, count);
    if (message !== undefined && typeof message !== 'string') costs.observe(errors, `${at}.messageExpression`, message, schema, isResource, 'once');
    if (typeof program === 'string') errors.push(invalid(`${at}.rule`, shown(rule), program));
    if (typeof message === 'string') errors.push(invalid(`${at}.messageExpression`, shown(rule), message));
    if (usesOld && uncorrelated !== undefined) errors.push(invalid(`${at}.rule`, rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`));
    else if (!usesOld && rule.optionalOldSelf !== undefined) errors.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
  });
  const below = (one: Schema, at: string, inside = uncorrelated): void => {
    if (hasRules(one)) problemsBelow(errors, one, at, { costs, isResource: one['x-kubernetes-embedded-resource'] === true, count: countBelow(schema, count), ...(inside === undefined ? {} : { uncorrelated: inside }) });
  };
  const values = valuesOf(schema);
  if (values !== undefined) below(values, `${path}.additionalProperties`);
  for (const [name, one] of Object.entries(schema.properties ?? {})) below(one, `${path}.properties[${name}]`);
  const items = itemsOf(schema);
  if (items !== undefined) below(items, `${path}.items`, uncorrelated ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path));
}

const ruled = new WeakMap<Schema, boolean>();

/** Whether a schema has a rule anywhere. */
export function hasRules(schema: Schema): boolean {
  let has = ruled.get(schema);
  if (has === undefined) {
    has = (schema['x-kubernetes-validations'] ?? []).length > 0 || [...Object.values(schema.properties ?? {}), itemsOf(schema), valuesOf(schema)].some((one) => one !== undefined && hasRules(one));
    ruled.set(schema, has);
  }
  return has;
}

/** Which rules a value breaks; `old` is what it takes the place of. */
export function brokenRules(schema: Schema, value: unknown, old: unknown, path = ''): readonly FieldError[] {
  if (value === undefined || value === null || !hasRules(schema)) return [];
  const errors = rulesOf(schema).flatMap((one) => broken(one, schema, value, old ?? undefined, path));
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const keys = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] ?? [] : undefined;
    const before = (item: unknown): unknown => (keys === undefined || !Array.isArray(old) ? undefined : old.find((one) => isJson(one) && isJson(item) && keys.every((name) => one[name] === item[name])));
    if (items !== undefined) value.forEach((item, index) => errors.push(...brokenRules(items, item, before(item), `${path}[${index}]`)));
  } else if (isJson(value)) {
    for (const [name, one] of Object.entries(value)) {
      const declared = schema.properties?.[name];
      const below = declared ?? valuesOf(schema);
      if (below !== undefined) errors.push(...brokenRules(below, one, isJson(old) ? old[name] : undefined, declared === undefined ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`));
    }
  }
  return errors;
}

const said = ({ rule = '', message = '' }: ValidationRule): string => (message === '' ? rule : message).trim();

function broken(compiled: Compiled, schema: Schema, value: unknown, old: unknown, path: string): readonly FieldError[] {
  const { rule, program, withoutOld, usesOld } = compiled;
  if ((rule.rule ?? '').trim() === '' || (usesOld && old === undefined && rule.optionalOldSelf !== true)) return [];
  const where = path === '' ? '<nil>' : path;
  const taken = old === undefined && withoutOld !== undefined ? withoutOld : program;
  const { type = '' } = schema;
  if (typeof taken === 'string') return [invalid(where, type, `rule compile error: ${taken}`)];
  const values = { self: value, oldSelf: old ?? null };
  const outcome = taken.evaluate(values);
  if ('error' in outcome) {
    return [invalid(where, type, outcome.error.startsWith('no such overload') ? `'${outcome.error}': call arguments did not match a supported operator, function or macro signature for rule: ${said(rule)}` : `${outcome.error} evaluating rule: ${said(rule)}`)];
  }
  // What was so before may stay so (CRDValidationRatcheting).
  if (outcome.value === true || (!usesOld && old !== undefined && deepEqual(value, old))) return [];
  const detail = messageOf(compiled, values);
  const below = (rule.fieldPath ?? '').replace(/^\./, '');
  return [failure(below === '' ? where : path === '' ? below : `${path}.${below}`, type === 'object' || type === 'array' ? undefined : value, detail, rule.reason)];
}

function messageOf({ rule, message }: Compiled, values: { readonly self: unknown; readonly oldSelf: unknown }): string {
  if (message !== undefined && typeof message !== 'string') {
    const outcome = message.evaluate(values);
    const text = 'value' in outcome && typeof outcome.value === 'string' ? outcome.value.trim() : '';
    if (text !== '' && !text.includes('\n')) return text;
  }
  return (rule.message ?? '') === '' ? `failed rule: ${said(rule)}` : rule.message!.trim();
}

/** Objects and lists are not shown. Models cel/validation.go: fieldErrorForReason. */
function failure(field: string, value: unknown, detail: string, reason: string | undefined): FieldError {
  const hidden = (error: FieldError, words: string): FieldError => (value === undefined ? { ...error, body: words } : error);
  switch (reason) {
    case 'FieldValueForbidden': return forbidden(field, detail);
    case 'FieldValueRequired': return required(field, detail);
    case 'FieldValueDuplicate': return hidden(duplicate(field, value), 'Duplicate value');
    default: return hidden(invalid(field, value, detail), `Invalid value: ${detail}`);
  }
}
