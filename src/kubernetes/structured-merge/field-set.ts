/**
 * Sets of fields, kept as they are written: `{"f:spec": {"f:replicas": {}}}`. A node without anything below it is a member; one with something
 * below it is a member where it has `.`. The empty set is `{}`. Models sigs.k8s.io/structured-merge-diff/fieldpath/set.go and serialize.go.
 */
export interface FieldSet { readonly [element: string]: FieldSet }

export const self = '.';
export const nothing: FieldSet = {};
/** A member with nothing below it: one object for all, told from the empty set by where it stands. */
export const leaf: FieldSet = nothing;

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

export const isMember = (node: FieldSet): boolean => isEmpty(node) || node[self] !== undefined;

/** Whether a value, as somebody sent it, is a set: all its elements can be read. Models fieldpath/serialize-pe.go: DeserializePathElement. */
export function isFieldSet(value: unknown): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([element, node]) => isElement(element) && isFieldSet(node));
}

function isElement(element: string): boolean {
  if (element === self || element.startsWith('f:')) return true;
  if (!/^[kvi]:/.test(element)) return false;
  try {
    const body: unknown = JSON.parse(element.slice(2));
    return element[0] !== 'k' || (typeof body === 'object' && body !== null);
  } catch {
    return false;
  }
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  if (isEmpty(a)) return isEmpty(b) ? a : isMember(b) ? b : { [self]: leaf, ...b };
  if (isEmpty(b)) return isMember(a) ? a : { [self]: leaf, ...a };
  return union(a, b);
}

/** What is in either; the first set itself where it has everything. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  let result: Record<string, FieldSet> | undefined;
  for (const element in b) {
    const own = a[element];
    const both = own === undefined ? b[element]! : element === self ? own : unionNodes(own, b[element]!);
    if (both !== own) (result ??= { ...a })[element] = both;
  }
  return result ?? a;
}

function differenceNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (isEmpty(a)) return isMember(b) ? undefined : a;
  let result: FieldSet = difference(a, b);
  if (result[self] !== undefined && isMember(b)) {
    const { [self]: _, ...below } = result;
    result = below;
  }
  if (result === a) return a;
  let left = 0;
  for (const _ in result) left++;
  return left === 0 ? undefined : left === 1 && result[self] !== undefined ? leaf : result;
}

/** What is in the first and not in the second; the first set itself where they have nothing in common. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  let result: Record<string, FieldSet> | undefined;
  for (const element in b) {
    if (element === self) continue;
    const own = a[element];
    if (own === undefined) continue;
    const left = differenceNodes(own, b[element]!);
    if (left === own) continue;
    result ??= { ...a };
    if (left === undefined) delete result[element];
    else result[element] = left;
  }
  return result ?? a;
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const element in a) {
    if (element === self || b[element] === undefined) continue;
    const [left, right] = [a[element]!, b[element]!];
    const below = intersection(left, right);
    const member = isMember(left) && isMember(right);
    if (!isEmpty(below)) result[element] = member ? { [self]: leaf, ...below } : below;
    else if (member) result[element] = leaf;
  }
  return result;
}

/** Whether two sets have the same members. */
export const sameFields = (a: FieldSet, b: FieldSet): boolean => a === b || (isEmpty(difference(a, b)) && isEmpty(difference(b, a)));

const rank: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };
const before = (a: string, b: string): number => rank[a[0]!]! - rank[b[0]!]! || (a < b ? -1 : a > b ? 1 : 0);

/** One step of a path as errors show it: `.spec`, `[name="web"]`, `[="x"]`, `[0]`. Models fieldpath/element.go: String. */
export function elementText(element: string): string {
  const body = element.slice(2);
  switch (element[0]) {
    case 'f': return `.${body}`;
    case 'k': return `[${Object.entries(JSON.parse(body) as object).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    case 'v': return `[=${body}]`;
    default: return `[${body}]`;
  }
}

/** The paths of all members, as errors show them: first the members of a level, then what is below. Models set.go: Iterate. */
export function pathsOf(set: FieldSet, prefix = ''): readonly string[] {
  const elements = Object.keys(set).filter((element) => element !== self).sort(before);
  return [
    ...elements.filter((element) => isMember(set[element]!)).map((element) => prefix + elementText(element)),
    ...elements.flatMap((element) => pathsOf(set[element]!, prefix + elementText(element))),
  ];
}
