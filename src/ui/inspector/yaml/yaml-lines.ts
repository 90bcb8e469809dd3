import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';
import { claimsOf, claimsOn } from './field-owners.ts';
import type { Claim } from './field-owners.ts';

/** One line of an object as YAML. */
export interface YamlLine {
  /** `spec.containers[0].image`, as the server names fields. */
  readonly path: string;
  readonly depth: number;
  /** The dashes and key in front: `- name:`. */
  readonly lead: string;
  /** The value behind them, where it stands on this line. */
  readonly text: string;
  /** How many lines in all lie below it; 0 where it can not be folded. */
  readonly below: number;
  /** What is in it, for when it is folded: `3 items`. */
  readonly holds: string;
  readonly foldedAtFirst: boolean;
  /** Who set this field; nobody, where several set parts of it or the server did. */
  readonly owner: ManagedFieldsEntry | undefined;
}

const longestOpenList = 12;

/** Writes a small object as YAML. */
export type WriteYaml = (value: unknown) => string;

const plain = /^[A-Za-z][\w./-]*$/;
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** Most names and words stand as they are: asking the writer about each would take its time. */
const isPlain = (value: unknown): value is string => typeof value === 'string' && plain.test(value) && !reserved.test(value);
const keyText = (name: string, write: WriteYaml): string => (isPlain(name) ? `${name}:` : write({ [name]: 0 }).slice(0, -3));
const valueText = (value: unknown, write: WriteYaml): readonly string[] => {
  if (isPlain(value)) return [value];
  const [first = '', ...rest] = write({ v: value }).replace(/\n$/, '').split('\n');
  return [first.slice(3), ...rest.map((line) => line.replace(/^ {2}/, ''))];
};

type Json = Readonly<Record<string, unknown>>;
const holds = (value: unknown): value is object => typeof value === 'object' && value !== null && (Array.isArray(value) ? value.length > 0 : Object.values(value).some((each) => each !== undefined));

/** An object as lines of YAML, each with its place, what it holds and who set it. */
export function yamlLines(object: unknown, write: WriteYaml, ownersOf: unknown = undefined): readonly YamlLine[] {
  const lines: YamlLine[] = [];
  const add = (value: unknown, path: string, depth: number, lead: string, claims: readonly Claim[], inner = depth + 1): void => {
    const owner = claims.length === 1 ? claims[0]!.entry : undefined;
    if (!holds(value)) return addScalar(value, path, depth, lead, owner, inner);
    const at = lines.length;
    const isList = Array.isArray(value);
    const count = isList ? value.length : Object.keys(value).length;
    lines.push({ path, depth, lead, text: '', below: 0, holds: isList ? `${count} ${count === 1 ? 'item' : 'items'}` : `${count} ${count === 1 ? 'field' : 'fields'}`, foldedAtFirst: path === 'metadata.managedFields' || (isList && count > longestOpenList), owner });
    if (isList) (value as readonly unknown[]).forEach((item, index) => addItem(item, `${path}[${index}]`, inner, claimsOn(claims, { index, item })));
    else addFields(value as Json, path, inner, '', claims);
    lines[at] = { ...lines[at]!, below: lines.length - at - 1 };
  };
  const addScalar = (value: unknown, path: string, depth: number, lead: string, owner: ManagedFieldsEntry | undefined, inner: number): void => {
    const [first = '', ...rest] = valueText(value, write);
    const line = { path, depth, holds: `${rest.length} ${rest.length === 1 ? 'line' : 'lines'}`, foldedAtFirst: rest.length > longestOpenList, owner };
    lines.push({ ...line, lead, text: first, below: rest.length });
    for (const more of rest) lines.push({ ...line, depth: inner, lead: '', text: more, below: 0 });
  };
  const addFields = (value: Json, path: string, depth: number, dash: string, claims: readonly Claim[]): void => {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    names.forEach((name, index) => {
      const dashed = dash !== '' && index > 0;
      add(value[name], path === '' ? name : `${path}.${name}`, dashed ? depth + 1 : depth, `${index === 0 ? dash : ''}${keyText(name, write)}`, claimsOn(claims, { field: name }), depth + (dash === '' ? 1 : 2));
    });
  };
  /** A list's item begins on the line of its dash: its first field is told there, and the others below it. */
  const addItem = (item: unknown, path: string, depth: number, claims: readonly Claim[]): void => {
    if (Array.isArray(item) || !holds(item)) return add(item, path, depth, '-', claims);
    const at = lines.length;
    addFields(item as Json, path, depth, '- ', claims);
    const first = lines[at]!;
    // Folding the first field of an item would hide half of it: the item is what folds.
    lines[at] = { ...first, below: first.below > 0 ? first.below : lines.length - at - 1, holds: first.below > 0 ? first.holds : `${Object.keys(item).length} fields` };
  };
  if (holds(object) && !Array.isArray(object)) addFields(object as Json, '', 0, '', claimsOf(ownersOf ?? object));
  else add(object, '', 0, '', []);
  return lines;
}

/** The lines that are seen while some are folded, with their places in the whole. */
export function seenLines(lines: readonly YamlLine[], folded: ReadonlySet<number>): readonly number[] {
  const seen: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    seen.push(at);
    if (folded.has(at)) at += lines[at]!.below;
  }
  return seen;
}
