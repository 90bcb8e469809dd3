import { coreTag } from './compose.ts';
import type { AliasNode, MappingNode, ScalarNode, YamlNode } from './compose.ts';
import { formatFloatKey, resolvePlain } from './resolve-scalar.ts';
import type { ResolvedScalar } from './resolve-scalar.ts';

/** An error of conversion, in goyaml's words, at a place in the document's text. */
export class ConversionError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A key written twice; Kubernetes' reader keeps the later value without a word. */
export interface DuplicateKey {
  readonly key: string;
  readonly offset: number;
}

/** Deeper nesting than this is refused (goyaml stops at 10,000); real manifests stay under a hundred, and recursion stays safe. */
export const maximumDepth = 1_000;

/**
 * Converts a document to JSON by Kubernetes' reading of YAML 1.1.
 * Models sigs.k8s.io/yaml: goyaml.v2/decode.go (mapping, merge, alias, allowedAliasRatio) and yaml.go (convertToJSONableObject).
 */
export function convertDocument(root: YamlNode): { readonly value: unknown; readonly duplicates: readonly DuplicateKey[] } {
  const converter = new Converter();
  const value = converter.convert(root, 0);
  return { value, duplicates: converter.duplicates };
}

class Converter {
  readonly duplicates: DuplicateKey[] = [];
  /** What each aliased node became, so that a thousand aliases share one value; undefined while it is being converted. */
  private readonly targets = new Map<YamlNode, { readonly value: unknown; readonly size: number } | undefined>();
  private decodeCount = 0;
  private aliasCount = 0;
  private aliasDepth = 0;

  convert(node: YamlNode, depth: number): unknown {
    this.count(1, node.offset);
    if (depth > maximumDepth) throw new ConversionError(`yaml: exceeded max depth of ${maximumDepth}`, node.offset);
    switch (node.kind) {
      case 'scalar': return jsonScalar(node);
      case 'sequence': return node.children.map((item) => this.convert(item, depth + 1));
      case 'mapping': return this.convertMap(node, depth);
      case 'alias': return this.convertAlias(node, depth);
    }
  }

  private convertAlias(alias: AliasNode, depth: number): unknown {
    let known = this.targets.get(alias.target);
    if (known === undefined) {
      if (this.targets.has(alias.target) || alias.offset < endOf(alias.target)) {
        throw new ConversionError(`yaml: anchor '${alias.name}' value contains itself`, alias.offset);
      }
      this.targets.set(alias.target, undefined);
      const before = this.decodeCount;
      this.aliasDepth += 1;
      const value = this.convert(alias.target, depth + 1);
      this.aliasDepth -= 1;
      known = { value, size: this.decodeCount - before };
      this.targets.set(alias.target, known);
    } else {
      this.aliasDepth += 1;
      this.count(known.size, alias.offset);
      this.aliasDepth -= 1;
    }
    return known.value;
  }

  /** Counts nodes as if each alias were written out, and stops where most of the document would be copies. */
  private count(nodes: number, offset: number): void {
    this.decodeCount += nodes;
    if (this.aliasDepth > 0) this.aliasCount += nodes;
    if (this.aliasCount > 100 && this.decodeCount > 1_000 && this.aliasCount / this.decodeCount > allowedAliasRatio(this.decodeCount)) {
      throw new ConversionError('yaml: document contains excessive aliasing', offset);
    }
  }

  private convertMap(map: MappingNode, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const written = new Set<string>();
    const { children } = map;
    for (let index = 0; index < children.length; index += 2) {
      const keyNode = children[index]!;
      const valueNode = children[index + 1]!;
      if (isMergeKey(keyNode)) {
        this.merge(valueNode, result, depth);
        continue;
      }
      const typedKey = this.convert(keyNode, depth + 1);
      const value = this.convert(valueNode, depth + 1);
      const key = keyText(keyNode, typedKey, value);
      if (key === '__proto__') throw new ConversionError('the key "__proto__" is not supported here', keyNode.offset);
      if (written.has(key)) this.duplicates.push({ key, offset: keyNode.offset });
      else written.add(key);
      result[key] = value;
    }
    return result;
  }

  /** A merge writes over what stands before it and yields to what stands after it, as in goyaml.v2. */
  private merge(node: YamlNode, result: Record<string, unknown>, depth: number): void {
    if (node.kind !== 'sequence') {
      Object.assign(result, this.mergeSource(node, depth));
      return;
    }
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      Object.assign(result, this.mergeSource(node.children[index]!, depth + 1));
    }
  }

  private mergeSource(node: YamlNode, depth: number): object {
    const kind = node.kind === 'alias' ? node.target.kind : node.kind;
    if (kind !== 'mapping') throw new ConversionError('yaml: map merge requires map or sequence of maps as the value', node.offset);
    return this.convert(node, depth + 1) as object;
  }
}

/** The offset of the last node inside a node: an alias before it would refer to the node it stands in. */
function endOf(node: YamlNode): number {
  let last = node;
  while (last.kind === 'mapping' || last.kind === 'sequence') {
    const child = last.children[last.children.length - 1];
    if (child === undefined) break;
    last = child;
  }
  return last.offset + 1;
}

/** From 99 % for small documents down to 10 % for very large ones. */
function allowedAliasRatio(decodeCount: number): number {
  if (decodeCount <= 400_000) return 0.99;
  if (decodeCount >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decodeCount - 400_000) / 3_600_000);
}

/** Whether a key is the merge key `<<`, unquoted or tagged so. */
export function isMergeKey(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === '<<' && (node.implicit || node.tag === `${coreTag}merge`);
}

function resolveScalar(node: ScalarNode): ResolvedScalar {
  const { value: text, tag } = node;
  if (tag === '') return node.implicit ? resolvePlain(text) : { tag: '!!str', value: text };
  if (!tag.startsWith(coreTag)) return { tag: '!!str', value: text };
  const wanted = `!!${tag.slice(coreTag.length)}`;
  if (wanted === '!!binary') return { tag: '!!str', value: decodeBinary(node) };
  if (!['!!bool', '!!int', '!!float', '!!null', '!!timestamp'].includes(wanted)) return { tag: '!!str', value: text };
  let resolved = resolvePlain(text);
  if (resolved.tag === '!!timestamp' && wanted !== '!!timestamp') resolved = { tag: '!!str', value: text };
  if (resolved.tag === wanted || (wanted === '!!float' && resolved.tag === '!!int')) return { tag: wanted as '!!int', value: resolved.value };
  throw new ConversionError(`yaml: cannot decode ${resolved.tag} \`${text}\` as a ${wanted}`, node.offset);
}

function jsonScalar(node: ScalarNode): unknown {
  return resolveScalar(node).value;
}

/** The text of a map key; keys that JSON cannot say are refused in Go's words. */
function keyText(node: YamlNode, typed: unknown, value: unknown): string {
  if (typeof typed === 'string') return typed;
  if (typeof typed === 'boolean') return typed ? 'true' : 'false';
  if (typeof typed === 'number') {
    const source = node.kind === 'alias' ? node.target : node;
    const isFloat = source.kind === 'scalar' && resolveScalar(source).tag === '!!float';
    return isFloat || !Number.isInteger(typed) ? formatFloatKey(typed) : String(typed);
  }
  if (typed === null) {
    const shown = value === null ? '<nil>' : goSyntax(value);
    throw new ConversionError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${shown}`, node.offset);
  }
  throw new ConversionError(`yaml: invalid map key: ${goSyntax(typed)}`, node.offset);
}

/** The text of a key node by itself, or undefined where it has none. */
export function keyOf(node: YamlNode): string | undefined {
  const source = node.kind === 'alias' ? node.target : node;
  return source.kind === 'scalar' ? keyText(source, jsonScalar(source), null) : undefined;
}

/** Go's %#v of a decoded value: what an unquoted `{{ .Values.name }}` is answered with. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object') {
    return `map[interface {}]interface {}{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => `${JSON.stringify(key)}:${goSyntax(inner)}`).join(', ')}}`;
  }
  return String(value);
}

/** Refuses numbers that JSON has no word for, which goyaml reads and the JSON encoder then stumbles over. */
export function refuseUnsayable(root: YamlNode, value: unknown): void {
  const found = findUnsayable(value);
  if (found === undefined) return;
  const shown = Number.isNaN(found) ? 'NaN' : found > 0 ? '+Inf' : '-Inf';
  throw new ConversionError(`json: unsupported value: ${shown}`, offsetOfUnsayable(root) ?? root.offset);
}

function findUnsayable(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    const found = findUnsayable(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function offsetOfUnsayable(node: YamlNode): number | undefined {
  if (node.kind === 'scalar') {
    const value = jsonScalar(node);
    return typeof value === 'number' && !Number.isFinite(value) ? node.offset : undefined;
  }
  if (node.kind === 'alias') return undefined;
  for (const child of node.children) {
    const found = offsetOfUnsayable(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a `!!binary` scalar, one character each. */
function decodeBinary(node: ScalarNode): string {
  const clean = node.value.replaceAll(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) {
    throw new ConversionError('yaml: !!binary value contains invalid base64 data', node.offset);
  }
  let bits = 0;
  let held = 0;
  let bytes = '';
  for (const character of clean) {
    if (character === '=') break;
    held = ((held << 6) | base64Alphabet.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += String.fromCharCode((held >> bits) & 255);
    }
  }
  return bytes;
}
