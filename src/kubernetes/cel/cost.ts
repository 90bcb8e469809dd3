/**
 * What an expression may cost at most, in cel-go's units. Models github.com/google/cel-go/checker/cost.go and staging/src/k8s.io/apiserver/pkg/cel/library/cost.go.
 * Only the most is worked out: that is what definitions are held against.
 */
import type { SizedSchema } from './cel.ts';
import { listOf, mostBytes, simple, typeOf, type CostType } from './cost-types.ts';
import { functionCosts, namespaced, type Called } from './cost-functions.ts';
import { capped, Path, pathTo, perCharacter, perUnit, sizeOf, unknownSize, type Entry, type Estimate, type Size } from './cost-units.ts';
import type { ASTNode } from './library.ts';

const fixed = (size: number): Size => ({ min: size, max: size });
const unionOf = (a: Size, b: Size): Size => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });
const plus = (a: Size, b: Size): Size => ({ min: capped(a.min + b.min), max: capped(a.max + b.max) });
const entryUnion = (a: Entry | undefined, b: Entry | undefined): Entry | undefined => (a === undefined || b === undefined ? undefined : { key: unionOf(a.key, b.key), value: unionOf(a.value, b.value) });

const [dyn, bool, int, text] = [simple('dyn'), simple('bool'), simple('int'), simple('string')];
const scalars: ReadonlySet<CostType['kind']> = new Set<CostType['kind']>(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
const [listCost, mapCost] = [10, 30];

type Scope = { readonly [name: string]: Estimate };

class Coster {
  private readonly root: CostType;
  constructor(root: CostType) { this.root = root; }

  /** Where a path leads in the schema; its first name is not looked at. */
  private typeAt(path: readonly string[]): CostType | undefined {
    let type: CostType | undefined = this.root;
    for (const name of path.slice(1)) type = name === '@items' || name === '@values' ? type?.element : name === '@keys' ? type?.key : type?.fields?.[name];
    return type;
  }

  private sizeAt(path: Path | undefined, type: CostType): Size | undefined {
    const found = path === undefined ? undefined : this.typeAt(path.names);
    return found !== undefined ? { min: 0, max: found.most } : scalars.has(type.kind) || (type.kind === 'optional' && scalars.has(type.element?.kind ?? 'dyn')) ? fixed(1) : undefined;
  }

  private known(estimate: Estimate): Estimate {
    return estimate.size !== undefined ? estimate : { ...estimate, size: this.sizeAt(estimate.path, estimate.type) };
  }

  of(node: ASTNode, scope: Scope): Estimate {
    switch (node.op) {
      case 'value': return literal(node.args);
      case 'id': return this.name(node.args, scope);
      case '.': return this.select(this.of(node.args[0], scope), node.args[1]);
      case '.?': case '[?]': {
        const [of, key] = [this.of(node.args[0], scope), typeof node.args[1] === 'string' ? undefined : this.of(node.args[1], scope)];
        const element = typeof node.args[1] === 'string' ? fieldOf(of.type, node.args[1]) : of.type.element;
        return this.known({ cost: capped(1 + of.cost + (key?.cost ?? 0)), type: { ...simple('optional'), ...(element === undefined ? {} : { element }) } });
      }
      case '[]': return this.index(this.of(node.args[0], scope), this.of(node.args[1], scope));
      case 'list': return this.list(node.args.map((item) => this.of(item, scope)));
      case 'map': return this.map(node.args.map(([key, value]) => [this.of(key, scope), this.of(value, scope)] as const));
      case '?:': return this.either(this.of(node.args[0], scope), this.of(node.args[1], scope), this.of(node.args[2], scope));
      case '||': case '&&': return this.known({ cost: capped(this.of(node.args[0], scope).cost + this.of(node.args[1], scope).cost), type: bool });
      case '!_': return this.known({ cost: capped(1 + this.of(node.args, scope).cost), type: bool });
      case '-_': { const of = this.of(node.args, scope); return this.known({ cost: capped(1 + of.cost), type: of.type }); }
      case 'call': return this.call(node.args[0], undefined, node.args[1], scope);
      case 'rcall': return this.call(node.args[0], node.args[1], node.args[2], scope);
      default: return this.binary(node.op, this.of(node.args[0], scope), this.of(node.args[1], scope));
    }
  }

  private name(name: string, scope: Scope): Estimate {
    const local = Object.hasOwn(scope, name) ? scope[name] : undefined;
    const type = local?.type ?? (name === 'self' || name === 'oldSelf' ? this.root : dyn);
    const path = local === undefined ? Path.of(name) : local.path;
    const later = (): Size | undefined => this.sizeAt(path, type) ?? local?.size;
    return { cost: 1, type, path, size: later(), later, entry: local?.entry };
  }

  private select(of: Estimate, field: string): Estimate {
    const [path, type] = [pathTo(of.path, field), fieldOf(of.type, field)];
    const later = (): Size | undefined => this.sizeAt(path, type);
    return { cost: capped(of.cost + (of.type.kind === 'map' || of.type.kind === 'object' ? 1 : 0)), type, path, size: later(), later };
  }

  private index(of: Estimate, by: Estimate): Estimate {
    const path = pathTo(of.path, of.type.kind === 'list' ? '@items' : '@values');
    return this.known({ cost: capped(1 + of.cost + by.cost), type: of.type.element ?? dyn, path, size: of.entry?.value });
  }

  private list(items: readonly Estimate[]): Estimate {
    const value = items.length === 0 ? fixed(0) : items.map(sizeOf).reduce(unionOf);
    return { cost: capped(items.reduce((sum, item) => sum + item.cost, listCost)), type: listOf(items[0]?.type ?? dyn), size: fixed(items.length), entry: { key: fixed(1), value } };
  }

  private map(entries: readonly (readonly [Estimate, Estimate])[]): Estimate {
    const among = (side: 0 | 1): Size => (entries.length === 0 ? fixed(0) : entries.map((entry) => sizeOf(entry[side])).reduce(unionOf));
    return {
      cost: capped(entries.reduce((sum, [key, value]) => sum + key.cost + value.cost, mapCost)), size: fixed(entries.length), entry: { key: among(0), value: among(1) },
      type: { ...simple('map'), key: entries[0]?.[0].type ?? dyn, element: entries[0]?.[1].type ?? dyn },
    };
  }

  private either(condition: Estimate, yes: Estimate, no: Estimate): Estimate {
    return { cost: capped(condition.cost + Math.max(yes.cost, no.cost)), type: yes.type.kind === 'null' ? no.type : yes.type, size: unionOf(sizeOf(yes), sizeOf(no)), entry: entryUnion(yes.entry, no.entry) };
  }

  private binary(operator: string, left: Estimate, right: Estimate): Estimate {
    const [parts, kinds] = [capped(left.cost + right.cost), [left.type.kind, right.type.kind]];
    const compared = perUnit(Math.min(sizeOf(left).max, sizeOf(right).max), perCharacter);
    const may = (...among: readonly CostType['kind'][]): boolean => kinds.every((kind) => kind === 'dyn' || among.includes(kind));
    const isDyn = kinds.every((kind) => kind === 'dyn');
    switch (operator) {
      case '==': case '!=': return this.known({ cost: capped(parts + (kinds.every((kind) => kind === 'opaque') ? 1 : compared)), type: bool });
      case '<': case '<=': case '>': case '>=': return this.known({ cost: capped(parts + (isDyn ? Math.max(1, compared) : may('string', 'bytes') ? compared : 1)), type: bool });
      case 'in': return this.known({ cost: capped(parts + (right.type.kind === 'map' ? 1 : right.type.kind === 'list' ? sizeOf(right).max : Math.max(1, sizeOf(right).max))), type: bool });
      case '+': {
        const size = plus(sizeOf(left), sizeOf(right));
        const type = left.type.kind === 'dyn' ? right.type : left.type;
        if (may('list')) return { cost: capped(parts + (isDyn ? Math.max(1, perUnit(size.max, perCharacter)) : 1)), type, size, entry: entryUnion(left.entry, right.entry) };
        if (may('string', 'bytes')) return { cost: capped(parts + perUnit(size.max, perCharacter)), type, size, entry: entryUnion(left.entry, right.entry) };
        return this.known({ cost: capped(parts + 1), type });
      }
      default: return this.known({ cost: capped(parts + 1), type: left.type });
    }
  }

  private call(name: string, on: ASTNode | undefined, args: readonly ASTNode[], scope: Scope): Estimate {
    if (name === 'has') return { ...this.presence(args[0]!, scope), type: bool, path: undefined, size: fixed(1) };
    if (on !== undefined && on.op === 'id' && !Object.hasOwn(scope, on.args) && namespaced.has(on.args)) return this.inNamespace(on.args, name, args, scope);
    if (on !== undefined && args[0]?.op === 'id' && macros.has(name)) return this.comprehension(name, this.of(on, scope), args[0].args, args.slice(1), scope);
    if (name === 'dyn' && on === undefined) { const of = this.of(args[0]!, scope); return { ...of, cost: capped(1 + of.cost), type: dyn, path: undefined }; }
    const given = args.map((arg) => this.of(arg, scope));
    return this.function({ name, target: on === undefined ? undefined : this.of(on, scope), args: given, typeAt: (path) => this.typeAt(path) });
  }

  private function(called: Called): Estimate {
    const { name, target, args } = called;
    const own = functionCosts(called);
    const parts = args.reduce((sum, arg) => sum + arg.cost, target?.cost ?? 0);
    return this.known({ cost: capped(parts + (own?.cost ?? 1)), type: own?.type ?? resultOf(name, target), size: own?.size });
  }

  /** Whether something is there costs no more than the way to it. */
  private presence(node: ASTNode, scope: Scope): Estimate { return node.op === '.' || node.op === '.?' ? this.of(node.args[0], scope) : this.of(node, scope); }

  private inNamespace(namespace: string, name: string, args: readonly ASTNode[], scope: Scope): Estimate {
    // A rule's optional old value is written so for the implementation.
    if (namespace === 'optional' && name === 'of' && args[0]?.op === 'id' && args[0].args === 'oldSelf') return { cost: 1, type: { ...simple('optional'), element: this.root } };
    return this.function({ name: `${namespace}.${name}`, target: undefined, args: args.map((arg) => this.of(arg, scope)), typeAt: (path) => this.typeAt(path) });
  }

  /** all, exists, exists_one, map and filter, by the loops that they are turned into. */
  private comprehension(name: string, range: Estimate, variable: string, [first, second]: readonly ASTNode[], scope: Scope): Estimate {
    const isList = range.type.kind === 'list';
    const item: Estimate = {
      cost: 1, type: (isList ? range.type.element : range.type.kind === 'map' ? range.type.key ?? text : undefined) ?? dyn, path: pathTo(range.path, isList ? '@items' : '@keys'), size: isList ? range.entry?.value : range.entry?.key,
    };
    const inside: Scope = { ...scope, [variable]: item };
    const predicate = this.of(first!, inside);
    const made = second === undefined ? predicate : this.of(second, inside);
    const turns = range.later === undefined ? sizeOf(range) : range.later() ?? unknownSize;
    const loop = (init: number, each: number, result: number): number => capped(range.cost + init + result + capped(turns.max * capped(each)));
    switch (name) {
      case 'all': return { cost: loop(0, 2 + 1 + predicate.cost, 1), type: bool, size: fixed(1) };
      case 'exists': return { cost: loop(0, 3 + 1 + predicate.cost, 1), type: bool, size: fixed(1) };
      case 'exists_one': case 'existsOne': return { cost: loop(0, predicate.cost + 2, 2), type: bool, size: fixed(1) };
      case 'filter': {
        const kept = sizeOf(this.name(variable, inside));
        return { cost: loop(listCost, predicate.cost + 13, 1), type: listOf(item.type), size: turns, entry: { key: fixed(1), value: { min: 0, max: kept.max } } };
      }
      default: return { cost: loop(listCost, 12 + made.cost + (second === undefined ? 0 : predicate.cost), 1), type: listOf(made.type), size: turns, entry: { key: fixed(1), value: { min: 0, max: sizeOf(made).max } } };
    }
  }
}

const macros = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']);
const fieldOf = (type: CostType, field: string): CostType => (type.kind === 'map' ? type.element : type.fields?.[field]) ?? dyn;

function literal(value: unknown): Estimate {
  const kind = typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'int' : typeof value === 'number' ? 'double' : value === null ? 'null' : value instanceof Uint8Array ? 'bytes' : 'uint';
  return { cost: 0, type: simple(kind), size: fixed(typeof value === 'string' ? [...value].length : value instanceof Uint8Array ? value.length : 1), literal: value };
}

const results: { readonly [name: string]: CostType['kind'] | undefined } = {
  size: 'int', int: 'int', uint: 'uint', double: 'double', string: 'string', bytes: 'bytes', bool: 'bool', type: 'type', timestamp: 'timestamp', duration: 'duration', startsWith: 'bool', endsWith: 'bool', contains: 'bool', matches: 'bool',
  charAt: 'string', format: 'string', hasValue: 'bool',
};
/** What a function that costs one gives. */
function resultOf(name: string, target: Estimate | undefined): CostType {
  const kind = results[name];
  if (kind !== undefined) return simple(kind);
  if (/^get[A-Z]/.test(name)) return int;
  return name === 'value' || name === 'orValue' ? target?.type.element ?? dyn : dyn;
}

/** The most that an expression may cost over a value of a schema, and how many such values one request has room for; undefined where the schema says nothing of them. */
export function mostCost(ast: ASTNode, schema: SizedSchema, isResource: boolean): { readonly cost: number; readonly times: number } | undefined {
  const root = typeOf(schema, isResource);
  return root === undefined ? undefined : { cost: new Coster(root).of(ast, {}).cost, times: Math.floor(mostBytes / (root.leastBytes + 1)) };
}
