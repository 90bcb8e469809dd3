import { actedOn, injectedVolumePrefix } from './acted-on.ts';
import { kindStanding } from './gvk-table.ts';

/** A field that is stored and shown, as in the real cluster, and that nothing here acts on yet. */
export interface NotActedOn {
  /** `spec.template.spec.containers[0].livenessProbe`: the highest field of which nothing is acted on. */
  readonly path: string;
}

interface Rule {
  readonly below: Map<string, Rule>;
  /** Everything below counts as acted on. */
  whole: boolean;
  /** The values that are; undefined: any. */
  values: ReadonlySet<string> | undefined;
}

const newRule = (): Rule => ({ below: new Map(), whole: false, values: undefined });
const rulesByKind = new Map<string, Rule>();

function rulesOf(kind: string): Rule | undefined {
  const known = rulesByKind.get(kind);
  if (known !== undefined || !Object.hasOwn(actedOn, kind)) return known;
  const root = newRule();
  for (const line of actedOn[kind]!) {
    const equals = line.indexOf('=');
    let rule = root;
    for (const name of (equals === -1 ? line : line.slice(0, equals)).split('.')) {
      if (name === '**') {
        rule.whole = true;
        break;
      }
      let next = rule.below.get(name);
      if (next === undefined) rule.below.set(name, (next = newRule()));
      rule = next;
    }
    if (equals !== -1) rule.values = new Set(line.slice(equals + 1).split('|'));
  }
  rulesByKind.set(kind, root);
  return root;
}

const ofEveryKind: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The fields of an object that a user may expect something of in vain. Empty values and the server's defaults are left out. */
export function notActedOn(object: unknown): readonly NotActedOn[] {
  const found: NotActedOn[] = [];
  if (!isObject(object)) return found;
  const { apiVersion, kind } = object;
  if (kindStanding(String(apiVersion), String(kind)) === 'kept') {
    return Object.entries(object).filter(([field, value]) => !ofEveryKind.has(field) && saysSomething(value)).map(([path]) => ({ path }));
  }
  const rules = typeof kind === 'string' ? rulesOf(kind) : undefined;
  if (rules !== undefined) visit(object, rules, '', found);
  return found;
}

function visit(value: unknown, rule: Rule, path: string, found: NotActedOn[]): void {
  if (rule.values !== undefined) {
    if (value !== null && value !== undefined && !rule.values.has(String(value))) found.push({ path });
    return;
  }
  if (rule.whole || rule.below.size === 0) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => visit(item, rule, `${path}[${index}]`, found));
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const next = rule.below.get(key);
      const at = path === '' ? key : `${path}.${key}`;
      if (next !== undefined) visit(inner, next, at, found);
      else if (saysSomething(inner)) found.push({ path: at });
    }
  }
}

/** False for what a user would not miss: nothing, `false`, empty objects and lists, and volumes put in by admission. */
function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.some((item) => !isInjected(item));
  return !isObject(value) || Object.values(value).some(saysSomething);
}

function isInjected(item: unknown): boolean {
  if (!isObject(item)) return false;
  const name = item['name'];
  return typeof name === 'string' && name.startsWith(injectedVolumePrefix);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
