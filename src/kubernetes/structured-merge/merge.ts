/** Merging what somebody applies into what is there, and taking out what they no longer apply. Models sigs.k8s.io/structured-merge-diff/typed/{merge,remove,tofieldset,validate}.go. */
import { elementText, isEmpty, isMember, leaf, self, union, type FieldSet } from './field-set.ts';
import { below, deduced, isJson, itemElement, keyValue, sameItem, type Shape } from './shapes.ts';

const absent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** The object with everything that the configuration says. Fields the shape does not know (the object's name) are the configuration's where it has them. */
export function merge(given: Shape, live: unknown, config: unknown): unknown {
  if (absent(config)) return live;
  const shape = deduced(given, config);
  if (isJson(config) && isJson(live) && (shape.kind === 'struct' || shape.kind === 'map')) {
    const merged: Record<string, unknown> = { ...live };
    for (const name in config) {
      const field = below(shape, name);
      merged[name] = field === undefined ? config[name] ?? live[name] : merge(field.shape, live[name], config[name]);
    }
    return merged;
  }
  if (Array.isArray(config) && Array.isArray(live) && (shape.kind === 'keyed' || shape.kind === 'set')) return mergeItems(shape, live, config);
  return config;
}

/** The configuration's order; what only the server has keeps its place before what followed it. Models merge.go: visitListItems. */
function mergeItems(shape: Shape, live: readonly unknown[], config: readonly unknown[]): readonly unknown[] {
  const merged: unknown[] = [];
  let next = 0;
  const onlyLive = (): void => {
    for (; next < live.length && !config.some((item) => sameItem(shape, item, live[next])); next++) merged.push(live[next]);
  };
  for (const item of config) {
    onlyLive();
    const at = live.findIndex((one) => sameItem(shape, item, one));
    merged.push(at < 0 ? item : shape.kind === 'set' ? item : merge(shape.of!, live[at], item));
    if (at === next) next++;
  }
  for (; next < live.length; next++) if (!config.some((item) => sameItem(shape, item, live[next]))) merged.push(live[next]);
  return merged;
}

/** The fields that a configuration speaks of. Models tofieldset.go. */
export function fieldsOf(given: Shape, value: unknown): FieldSet {
  const shape = deduced(given, value);
  const result: Record<string, FieldSet> = {};
  if (Array.isArray(value) && (shape.kind === 'keyed' || shape.kind === 'set')) {
    for (const item of value) result[itemElement(shape, item)] = shape.kind === 'set' ? leaf : withSelf(nodeOf(shape.of!, item) ?? leaf);
  } else if (isJson(value) && (shape.kind === 'struct' || shape.kind === 'map')) {
    for (const name in value) {
      const field = below(shape, name);
      if (field === undefined || value[name] === undefined) continue;
      const node = nodeOf(field.shape, value[name]);
      if (node !== undefined) result[field.element] = shape.kind === 'map' ? withSelf(node) : node;
    }
  }
  return result;
}

const withSelf = (node: FieldSet): FieldSet => (isMember(node) ? node : { [self]: leaf, ...node });

/** A field with something in it is spoken of by what is in it; an empty object is itself, an empty list nothing. */
function nodeOf(given: Shape, value: unknown): FieldSet | undefined {
  const shape = deduced(given, value);
  if (absent(value) || shape.kind === 'scalar' || shape.kind === 'atomic') return leaf;
  const set = fieldsOf(shape, value);
  return isEmpty(set) && (Array.isArray(value) || !isEmpty(value as never)) ? undefined : set;
}

/** A set in which all fields that a type declares are members where something below them is. Models fieldpath/set.go: EnsureNamedFieldsAreMembers. */
export function withNamedFields(given: Shape | undefined, set: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const element in set) {
    const node = set[element]!;
    if (element === self || isEmpty(node)) {
      result[element] = node;
      continue;
    }
    const here = given === undefined ? undefined : deduced(given, {});
    const shape = element[0] !== 'f' ? here?.of : here?.fields === undefined ? undefined : below(here, element.slice(2))?.shape;
    const inner = withNamedFields(shape, node);
    result[element] = element[0] === 'f' && given?.kind === 'struct' ? withSelf(inner) : inner;
  }
  return result;
}

/** The value without the members of a set; a map or list of which nothing is left goes too. Models remove.go. */
export function removeItems(given: Shape, value: unknown, set: FieldSet): unknown {
  const shape = deduced(given, value);
  if (Array.isArray(value) && (shape.kind === 'keyed' || shape.kind === 'set')) {
    const left: unknown[] = [];
    for (const item of value) {
      const node = set[itemElement(shape, item)];
      if (node === undefined) left.push(item);
      else if (!isMember(node)) left.push(removeItems(shape.of!, item, node));
    }
    return left.length === 0 && value.length > 0 ? undefined : left;
  }
  if (!isJson(value) || (shape.kind !== 'struct' && shape.kind !== 'map')) return value;
  const left: Record<string, unknown> = {};
  for (const name in value) {
    const field = below(shape, name);
    const node = field === undefined ? undefined : set[field.element];
    if (node === undefined) left[name] = value[name];
    else if (!isMember(node)) {
      const inner = removeItems(field!.shape, value[name], node);
      if (inner !== undefined) left[name] = inner;
    }
  }
  return isEmpty(left as never) && !isEmpty(value as never) ? undefined : left;
}

/** What keeps a configuration from being merged: fields that no type has, items that cannot be told apart. Models typed/validate.go. */
export function mergeProblems(given: Shape, value: unknown, path = ''): readonly string[] {
  if (absent(value)) return [];
  const shape = deduced(given, value);
  if (shape.kind === 'struct' || shape.kind === 'map') {
    if (!isJson(value)) return [`${path}: expected map, got ${described(value)}`];
    return Object.keys(value).flatMap((name) => {
      const field = below(shape, name);
      return field === undefined ? [`${path}.${name}: field not declared in schema`] : mergeProblems(field.shape, value[name], `${path}.${name}`);
    });
  }
  if (shape.kind !== 'keyed' && shape.kind !== 'set') return [];
  if (!Array.isArray(value)) return [`${path}: expected list, got ${described(value)}`];
  const seen = new Set<string>();
  return value.flatMap((item, index): readonly string[] => {
    const missing = shape.kind === 'keyed' && isJson(item) ? shape.keys!.find((key) => keyValue(shape, item, key) === undefined) : undefined;
    if (shape.kind === 'keyed' && !isJson(item)) return [`${path}: element ${index}: associative list with keys may not have non-map elements`];
    if (missing !== undefined) return [`${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(missing)} (and doesn't have default value)`];
    const element = itemElement(shape, item);
    if (seen.has(element)) return [`${path}: duplicate entries for key ${elementText(element)}`];
    seen.add(element);
    return shape.kind === 'set' ? [] : mergeProblems(shape.of!, item, path + elementText(element));
  });
}

/** Where a value has something that is only ever replaced as a whole. Models apiserver/pkg/admission/plugin/policy/mutating/patch/smd.go: findAtomics. */
export function atomicsIn(given: Shape, value: unknown, path = ''): readonly string[] {
  const shape = deduced(given, value);
  if (typeof value !== 'object' || value === null || shape.kind === 'scalar') return [];
  if (shape.kind === 'atomic') return [path];
  if (Array.isArray(value)) return shape.of === undefined ? [] : value.flatMap((item, index) => atomicsIn(shape.of!, item, `${path}[${index}]`));
  // The entries of a map are no fields: they are not looked into.
  if (shape.kind !== 'struct') return [];
  return Object.entries(value).flatMap(([name, item]) => { const field = below(shape, name); return field === undefined ? [] : atomicsIn(field.shape, item, `${path}.${name}`); });
}

const described = (value: unknown): string => `&{${typeof value === 'object' ? JSON.stringify(value) : String(value)}}`;

export const unionOf = (sets: readonly FieldSet[]): FieldSet => sets.reduce(union, {});
