/** Queries over labels. Models staging/src/k8s.io/apimachinery/pkg/labels/selector.go and meta/v1/helpers.go. */
import type { LabelSelector, StringMap } from '../api/meta-v1.ts';
import { labelValueErrors, qualifiedNameErrors } from './names.ts';
import { quoteGo } from './field-errors.ts';

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One clause of a selector; all clauses must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A selector compiled once and asked many times. */
export interface Matcher {
  readonly requirements: readonly Requirement[];
  /** True where the selector says nothing, and so matches everything. */
  readonly empty: boolean;
  matches(labels: StringMap | undefined): boolean;
  /** The string form, keys in order, as it stands in URLs. */
  toString(): string;
}

const noLabels: StringMap = {};

function holds(requirement: Requirement, labels: StringMap): boolean {
  const value = labels[requirement.key];
  switch (requirement.operator) {
    case '=': case '==': return value === requirement.values[0] && value !== undefined;
    case '!=': return value === undefined || value !== requirement.values[0];
    case 'in': return value !== undefined && requirement.values.includes(value);
    case 'notin': return value === undefined || !requirement.values.includes(value);
    case 'exists': return value !== undefined;
    case '!': return value === undefined;
    default: return value !== undefined && comparesNumbers(value, requirement);
  }
}

function comparesNumbers(value: string, { operator, values }: Requirement): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const difference = Number(value) - Number(values[0]);
  return operator === 'gt' ? difference > 0 : difference < 0;
}

function printRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists': return key;
    case '!': return `!${key}`;
    case 'in': return `${key} in (${[...values].sort().join(',')})`;
    case 'notin': return `${key} notin (${[...values].sort().join(',')})`;
    case 'gt': return `${key}>${values[0]}`;
    case 'lt': return `${key}<${values[0]}`;
    default: return `${key}${operator}${values[0] ?? ''}`;
  }
}

/** Compiles clauses; they are kept in the order of their keys, as upstream does. */
export function compileRequirements(clauses: readonly Requirement[]): Matcher {
  const requirements = clauses.length < 2 ? clauses : [...clauses].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  let printed: string | undefined;
  return {
    requirements,
    empty: requirements.length === 0,
    matches(labels) {
      for (let i = 0; i < requirements.length; i++) if (!holds(requirements[i]!, labels ?? noLabels)) return false;
      return true;
    },
    toString: () => (printed ??= requirements.map(printRequirement).join(',')),
  };
}

/** Matches every object. */
export const everything: Matcher = compileRequirements([]);
/** Matches no object: what an absent `selector` means. */
export const nothing: Matcher = { requirements: [], empty: false, matches: () => false, toString: () => '' };

const compiled = new WeakMap<LabelSelector, Matcher>();

const operatorsOfExpressions: { readonly [name: string]: Operator } = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/** A spec's selector compiled; absent matches nothing, empty matches everything. The result is remembered per object. */
export function compileLabelSelector(selector: LabelSelector | undefined): Matcher {
  if (selector === undefined || selector === null) return nothing;
  const known = compiled.get(selector);
  if (known !== undefined) return known;
  const clauses: Requirement[] = [];
  const labels = selector.matchLabels;
  if (labels) for (const key in labels) clauses.push({ key, operator: 'in', values: [labels[key]!] });
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = operatorsOfExpressions[operator];
    if (known === undefined) throw new Error(`${quoteGo(operator)} is not a valid label selector operator`);
    clauses.push({ key, operator: known, values: values ?? [] });
  }
  const matcher = compileRequirements(clauses);
  compiled.set(selector, matcher);
  return matcher;
}

/** A Service's or nodeSelector's plain map compiled: every entry must be there. Upstream's SelectorFromSet. */
export function compileLabelSet(labels: StringMap | undefined): Matcher {
  const clauses: Requirement[] = [];
  if (labels) for (const key in labels) clauses.push({ key, operator: '=', values: [labels[key]!] });
  return clauses.length === 0 ? everything : compileRequirements(clauses);
}

/** The string form of a spec's selector, as `kubectl get deployment -o wide` and the scale subresource print it. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return '<none>';
  const matcher = compileLabelSelector(selector);
  if (matcher.empty) return '<none>';
  return compileRequirements(matcher.requirements.map((one) =>
    one.operator === 'in' && one.values.length === 1 ? { ...one, operator: '=' } : one)).toString();
}

const tokens = /\s*(==|!=|=|!|,|\(|\)|<|>|[^\s=!,()<>]+)/y;

function tokenise(text: string): string[] {
  const found: string[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.length) {
    const match = tokens.exec(text);
    if (match === null) break;
    found.push(match[1]!);
  }
  return found;
}

const isWord = (token: string | undefined): token is string => token !== undefined && !/^(==|!=|=|!|,|\(|\)|<|>)$/.test(token);

/** Reads `a=b,c in (d,e),!f`; throws with upstream's wording where it cannot. */
export function parseLabelSelector(text: string): Matcher {
  const input = tokenise(text);
  const clauses: Requirement[] = [];
  let at = 0;
  const parseError = (message: string): never => {
    throw new Error(`unable to parse requirement: ${message}`);
  };
  while (at < input.length) {
    if (input[at] !== '!' && !isWord(input[at])) throw new Error(`found '${input[at]}', expected: !, identifier, or 'end of string'`);
    const absent = input[at] === '!';
    if (absent) at++;
    const key = input[at];
    if (!isWord(key)) parseError(`found '${key ?? ''}', expected: identifier`);
    at++;
    const errors = qualifiedNameErrors(key!);
    if (errors.length > 0) parseError(`<nil>: Invalid value: ${quoteGo(key!)}: ${errors.join('; ')}`);
    if (absent || at >= input.length || input[at] === ',') {
      clauses.push({ key: key!, operator: absent ? '!' : 'exists', values: [] });
    } else {
      at = parseClause(input, at, key!, clauses, parseError);
    }
    if (at >= input.length) break;
    if (input[at] !== ',') throw new Error(`found '${input[at]}', expected: ',' or 'end of string'`);
    at++;
    if (input[at] !== '!' && !isWord(input[at])) throw new Error(`found '${input[at] ?? ''}', expected: identifier after ','`);
  }
  return clauses.length === 0 ? everything : compileRequirements(clauses);
}

function parseClause(input: readonly string[], start: number, key: string, clauses: Requirement[], parseError: (message: string) => never): number {
  let at = start;
  const operator = input[at]!;
  at++;
  if (operator === 'in' || operator === 'notin') {
    if (input[at] !== '(') parseError(`found '${input[at] ?? ''}' expected: '('`);
    at++;
    if (!isWord(input[at]) && input[at] !== ',' && input[at] !== ')') parseError(`found '${input[at] ?? ''}', expected: ',', ')' or identifier`);
    const values: string[] = [];
    for (;;) {
      if (isWord(input[at])) values.push(input[at++]!);
      else values.push('');
      if (input[at] === ',') at++;
      else if (input[at] === ')') break;
      else parseError(`found '${input[at] ?? ''}', expected: ',' or ')'`);
    }
    checkValues(key, values, parseError);
    clauses.push({ key, operator, values });
    return at + 1;
  }
  if (operator === '=' || operator === '==' || operator === '!=' || operator === '<' || operator === '>') {
    const value = isWord(input[at]) ? input[at++]! : '';
    if ((operator === '<' || operator === '>') && !/^[+-]?\d+$/.test(value)) {
      parseError(`values[0]: Invalid value: ${quoteGo(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
    }
    checkValues(key, [value], parseError);
    clauses.push({ key, operator: operator === '<' ? 'lt' : operator === '>' ? 'gt' : operator, values: [value] });
    return at;
  }
  return parseError(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
}

function checkValues(key: string, values: readonly string[], parseError: (message: string) => never): void {
  values.forEach((value, index) => {
    const errors = labelValueErrors(value);
    if (errors.length > 0) parseError(`values[${index}][${key}]: Invalid value: ${quoteGo(value)}: ${errors.join('; ')}`);
  });
}
