/** Kubernetes' expression language. Loaded with the reader of manifests (`kept-kinds.ts`); others reach it by `latePart('cel')`. */
import { addresses, Cidr, Ip, ipNamespace, Url, urls } from './libraries/addresses.ts';
import { Authorizer, authorizers, authorizerTypes } from './libraries/authorizer.ts';
import { formatNamespace, formats, NamedFormat } from './libraries/formats.ts';
import { lists, sets } from './libraries/lists.ts';
import { quantities, Quantity, Semver, semvers } from './libraries/quantity.ts';
import { strings, stringsNamespace } from './libraries/strings.ts';
import { equal } from './libraries/compare.ts';
import type { Cel, CelExpression, CelNames, CelOutcome, CelValues } from './cel.ts';
import { mostCost } from './cost.ts';
import { Environment, Refused, type Declared } from './library.ts';
import { JsonPatchNamespace, literals, withoutLiterals } from './message-literals.ts';
import { compileMessage, runMessage, type Fault } from './messages.ts';
import { asItIs, fromCel, lazyMap, toCel } from './values.ts';

class Sets {}
class Strings {}
class IpNamespace {}
class FormatNamespace {}

function declare(environment: Environment, functions: readonly Declared[]): Environment {
  // None of them ever waits: said so, the implementation stays with plain calls.
  for (const [signature, run] of functions) environment.registerFunction(signature, run as (...args: unknown[]) => unknown, { async: false });
  return environment;
}

/** What every expression may use. Models staging/src/k8s.io/apiserver/pkg/cel/environment/base.go. */
function kubernetesEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  const types = { 'kubernetes.Quantity': Quantity, 'kubernetes.Semver': Semver, 'kubernetes.URL': Url, 'kubernetes.NamedFormat': NamedFormat, 'net.IP': Ip, 'net.CIDR': Cidr, Sets, Strings, IpNamespace, FormatNamespace, ...authorizerTypes };
  for (const [name, constructor] of Object.entries(types)) environment.registerType(name, constructor as never);
  for (const functions of [lists, strings, quantities, semvers, addresses, urls, formats, authorizers, sets, stringsNamespace, ipNamespace, formatNamespace]) declare(environment, functions);
  for (const name of ['kubernetes.Quantity', 'kubernetes.Semver', 'kubernetes.URL', 'net.IP', 'net.CIDR']) environment.registerOperator(`${name} == ${name}`, equal);
  return environment.registerConstant('sets', 'Sets', new Sets()).registerConstant('strings', 'Strings', new Strings())
    .registerConstant('ip', 'IpNamespace', new IpNamespace()).registerConstant('format', 'FormatNamespace', new FormatNamespace());
}

let standing: Environment | undefined;
const functionNames = new Set(['has', 'size', 'type', 'int', 'uint', 'double', 'string', 'bool', 'bytes', 'timestamp', 'duration', 'dyn', 'all', 'exists', 'exists_one', 'map', 'filter', 'matches', 'contains', 'startsWith', 'endsWith']);
const byNames = new Map<string, Environment>();

/** With what mutations may use besides. Models apiserver/pkg/cel/mutation and library/jsonpatch.go. */
const mutating = (environment: Environment): Environment =>
  declare(environment.registerType('JsonPatchNamespace', JsonPatchNamespace as never), literals).registerConstant('jsonpatch', 'JsonPatchNamespace', new JsonPatchNamespace());

function environmentWith(names: CelNames, mutates: boolean): Environment {
  if (standing === undefined) {
    standing = kubernetesEnvironment();
    for (const { name } of standing.getDefinitions().functions) functionNames.add(name);
  }
  const declared = Object.entries(names).map(([name, type]) => [name, typeName(type)] as const);
  const key = `${mutates ? 'mutates ' : ''}${declared.map((pair) => pair.join(' ')).join(', ')}`;
  let environment = byNames.get(key);
  if (environment === undefined) {
    environment = mutates ? mutating(standing.clone()) : standing.clone();
    for (const [name, type] of declared) environment.registerVariable(name, type);
    byNames.set(key, environment);
  }
  return environment;
}

const scalars: { readonly [type: string]: string | undefined } = { string: 'string', boolean: 'bool', integer: 'int', number: 'double', array: 'list', object: 'map' };

/** Objects with a schema are checked as maps: their fields are not looked at before they are there. */
function typeName(type: CelNames[string]): string {
  if (typeof type === 'string') return type === 'authorizer' ? 'kubernetes.authorization.Authorizer' : type;
  if (type.type === undefined || type.format !== undefined || type['x-kubernetes-int-or-string'] === true) return 'dyn';
  return scalars[type.type] ?? 'dyn';
}

/** What the implementation works out with the machine's own zone or its database of zones. */
const zoned = /\.getDayOfYear\(|\.get(FullYear|Month|Date|DayOfMonth|DayOfWeek|Hours|Minutes|Seconds|Milliseconds)\(\s*[^)\s]/;
const faultOf = (error: unknown): Fault => (error instanceof Refused ? { message: error.message } : error as Fault);

/** The implementation's own namespace, outside of texts: Kubernetes' environment has none. */
function foreign(expression: string): Fault | undefined {
  for (const { 1: name, index } of expression.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![.\w])(cel)\s*\./g)) {
    if (name !== undefined) return { code: 'unknown_variable', summary: `Unknown variable: ${name}`, range: { start: index } };
  }
  return undefined;
}

function compile(expression: string, names: CelNames, mutates = false): CelExpression | { readonly compileError: string } {
  const environment = environmentWith(names, mutates);
  const known = (name: string): boolean => functionNames.has(name);
  const refuse = (error: unknown) => ({ compileError: compileMessage(faultOf(error), expression, known) });
  let program: ReturnType<Environment['parse']>;
  if (zoned.test(expression)) return refuse(new Refused('time zones and the day of the year are not modelled: they would depend on the machine'));
  const unknown = names['cel'] === undefined ? foreign(expression) : undefined;
  if (unknown !== undefined) return refuse(unknown);
  const text = mutates ? withoutLiterals(expression) : expression;
  if (typeof text !== 'string') return { compileError: compileMessage({ code: 'unknown', summary: text.message, range: text }, expression, known) };
  try { program = environment.parse(text); } catch (error) { return refuse(error); }
  const found = program.check();
  if (!found.valid) return refuse(found.error);
  return { type: found.type ?? 'dyn', evaluate: (values) => evaluate(program, names, values), mostCost: (self, isResource) => mostCost(program.ast, self, isResource) };
}

function evaluate(program: (context: never) => unknown, names: CelNames, values: CelValues): CelOutcome {
  try {
    const context: { [name: string]: unknown } = {};
    for (const name in names) {
      const type = names[name];
      context[name] = toCel(values[name], typeof type === 'object' ? type : undefined);
    }
    return { value: fromCel(program(context as never)) };
  } catch (error) {
    return { error: runMessage(faultOf(error)) };
  }
}

function lazily(entries: { readonly [name: string]: () => CelOutcome }): unknown {
  return lazyMap(Object.fromEntries(Object.entries(entries).map(([name, make]) => [name, () => {
    const outcome = make();
    if ('error' in outcome) throw new Refused(outcome.error);
    return toCel(outcome.value);
  }])));
}

const authorizer: Cel['authorizer'] = (ask, user) => asItIs(new Authorizer(ask, { user }));

export const cel: Cel = { compile, lazily, authorizer };
