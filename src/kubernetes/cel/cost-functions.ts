/** What functions cost besides their arguments. Models staging/src/k8s.io/apiserver/pkg/cel/library/cost.go and the function costs of cel-go's checker/cost.go and ext/sets.go. */
import { capped, endless, perCharacter, perUnit, sizeOf, unknownSize, type Estimate, type Size } from './cost-units.ts';
import { listOf, simple, type CostType } from './cost-types.ts';

export interface Called { readonly name: string; readonly target: Estimate | undefined; readonly args: readonly Estimate[]; readonly typeAt: (path: readonly string[]) => CostType | undefined }
interface Own { readonly cost: number; readonly type?: CostType; readonly size?: Size }

/** Names that stand in front of a function's own. */
export const namespaced = new Set(['sets', 'strings', 'ip', 'format', 'optional', 'jsonpatch']);

const [bool, text, int] = [simple('bool'), simple('string'), simple('int')];
const opaque = simple('opaque');
const perExpression = 0.25;
const most = (of: Estimate | undefined): number => (of === undefined ? endless : sizeOf(of).max);
const traversed = (of: Estimate | undefined, times = 1): number => perUnit(most(of), times * perCharacter);
const times = (a: number, b: number): number => capped(a * b);

/** What is known of a list's items: their type, and by their path how large they are. */
function itemsOf({ target, typeAt }: Called): { readonly type: CostType; readonly size: Size } | undefined {
  const type = target?.type.element;
  if (target?.type.kind !== 'list' || type === undefined) return undefined;
  const declared = target.path === undefined ? undefined : typeAt([...target.path.names, '@items']);
  return { type, size: declared === undefined ? unknownSize : { min: 0, max: declared.most } };
}

/** Each item is compared once. */
function compared(called: Called, type: CostType | undefined): Own {
  const items = itemsOf(called);
  if (items === undefined) return { cost: traversed(called.target), type };
  const each = 1 + (items.type.kind === 'string' || items.type.kind === 'bytes' ? perUnit(items.size.max, perCharacter) : 0);
  return { cost: times(most(called.target), each), type: type ?? items.type };
}

function replaced({ target, args }: Called): Own {
  const [all, from, to] = [sizeOf(target!), sizeOf(args[0]!), sizeOf(args[1]!)];
  const count = { min: 0, max: 0 };
  const kept = { min: 0, max: 0 };
  if (from.min === 0) [count.max, kept.max] = [capped(all.max + 1), all.max];
  else if (to.max <= from.min) kept.max = all.max;
  else count.max = Math.ceil(all.max / from.min);
  if (from.max === 0) [count.min, kept.min] = [all.min + 1, all.min];
  else if (from.max <= to.min) kept.min = all.min;
  else count.min = Math.ceil(all.min / from.max);
  return { cost: traversed(target, 2), type: text, size: { min: capped(count.min * to.min + kept.min), max: capped(times(count.max, to.max) + kept.max) } };
}

function joined(called: Called): Own {
  const { target, args } = called;
  const [list, items] = [sizeOf(target!), itemsOf(called)];
  const size = items === undefined ? { min: 0, max: 0 } : { min: times(list.min, items.size.min), max: times(list.max, items.size.max) };
  const between = args[0] === undefined ? { min: 0, max: 0 } : sizeOf(args[0]);
  const whole = { min: capped(size.min + times(between.min, Math.max(0, list.min - 1))), max: capped(size.max + times(between.max, Math.max(0, list.max - 1))) };
  return { cost: perUnit(whole.max, perCharacter), type: text, size: whole };
}

function split({ target, args: [, limit] }: Called): Own {
  const parts = typeof limit?.literal === 'bigint' ? Number(limit.literal) : most(target);
  return { cost: traversed(target, 2), type: listOf(text), size: { min: 0, max: parts } };
}

/** A regular expression is taken for one step in four characters. */
const matched = (over: Estimate | undefined, pattern: Estimate | undefined): number => times(perUnit(capped(most(over) + 1), perCharacter), perUnit(most(pattern), perExpression));

const addresses = 16;
const inAddress = (also: number, given: Estimate | undefined): Own => ({ cost: capped(perUnit(2 * addresses, perCharacter) + also + (given?.type.kind === 'string' ? traversed(given) : 0)), type: bool });

type Costs = (called: Called) => Own | undefined;
const one = (type?: CostType): Costs => () => ({ cost: 1, ...(type === undefined ? {} : { type }) });
const read = (type: CostType, passes = 1): Costs => ({ args }) => ({ cost: traversed(args[0], passes), type });
const changed: Costs = ({ target }) => (target === undefined ? undefined : { cost: traversed(target), type: text, size: sizeOf(target) });
const sets = (factor: number): Costs => ({ args: [a, b] }) => ({ cost: capped(1 + times(times(most(a), most(b)), factor)), type: bool });

const costs: { readonly [name: string]: Costs | undefined } = {
  isSorted: (called) => compared(called, bool), sum: (called) => compared(called, undefined), max: (called) => compared(called, undefined), min: (called) => compared(called, undefined),
  indexOf: (called) => compared(called, int), lastIndexOf: (called) => compared(called, int),
  url: ({ args }) => ({ cost: traversed(args[0]), type: opaque, size: sizeOf(args[0]!) }), 'jsonpatch.escapeKey': ({ args }) => ({ cost: traversed(args[0]), type: text, size: sizeOf(args[0]!) }),
  lowerAscii: changed, upperAscii: changed, substring: changed, trim: changed, replace: replaced, split, join: joined,
  find: ({ target, args }) => ({ cost: matched(target, args[0]), type: text, size: { min: 0, max: most(target) } }), findAll: ({ target, args }) => ({ cost: matched(target, args[0]), type: listOf(text), size: { min: 0, max: most(target) } }),
  cidr: read(opaque), isIP: read(bool), isCIDR: read(bool), ip: ({ target, args }) => ({ cost: target !== undefined ? 1 : traversed(args[0]), type: opaque }), 'ip.isCanonical': read(bool, 2),
  masked: one(opaque), prefixLength: one(int), family: one(int), isUnspecified: one(bool), isLoopback: one(bool), isLinkLocalMulticast: one(bool), isLinkLocalUnicast: one(bool), isGlobalUnicast: one(bool),
  containsIP: ({ args }) => inAddress(0, args[0]), containsCIDR: ({ args }) => inAddress(perUnit(addresses, perCharacter) + 1, args[0]),
  quantity: read(opaque), isQuantity: read(bool), semver: read(opaque), isSemver: read(bool), validate: ({ args }) => ({ cost: perUnit(traversed(args[0]), 128 * perExpression), type: simple('optional') }), 'format.named': one(simple('optional')),
  sign: one(int), asInteger: one(int), isInteger: one(bool), asApproximateFloat: one(simple('double')), isGreaterThan: one(bool), isLessThan: one(bool), compareTo: one(int), add: one(opaque), sub: one(opaque), major: one(int), minor: one(int), patch: one(int),
  getScheme: one(text), getHostname: one(text), getHost: one(text), getPort: one(text), getEscapedPath: one(text), getQuery: one(simple('map')),
  'sets.contains': sets(1), 'sets.intersects': sets(1), 'sets.equivalent': sets(2),
  format: ({ target }) => ({ cost: traversed(target), type: text }), 'strings.quote': ({ args }) => ({ cost: traversed(args[0]), type: text, size: { min: sizeOf(args[0]!).min + 2, max: capped(most(args[0]) * 2 + 2) } }),
  startsWith: ({ args }) => ({ cost: traversed(args[0]), type: bool }), endsWith: ({ args }) => ({ cost: traversed(args[0]), type: bool }),
  matches: ({ target, args }) => (target === undefined ? undefined : { cost: matched(target, args[0]), type: bool }), contains: ({ target, args }) => (target === undefined ? undefined : { cost: times(traversed(target), traversed(args[0])), type: bool }),
  bytes: ({ args }) => ({ cost: traversed(args[0]), type: simple('bytes'), size: { min: sizeOf(args[0]!).min, max: capped(most(args[0]) * 4) } }),
  string: ({ args }) => (args[0]?.type.kind === 'bytes' ? { cost: traversed(args[0]), type: text, size: { min: Math.floor(sizeOf(args[0]).min / 4), max: most(args[0]) } } : undefined),
};

/** What is special of a function; undefined where it costs one. */
export const functionCosts = (called: Called): Own | undefined => costs[called.name]?.(called);
