import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { formatFloatKey, resolvePlain } from './resolve-scalar.ts';
import type { ResolvedScalar } from './resolve-scalar.ts';
import type { FieldPath } from './field-path.ts';

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

/** A document as plain JSON, with what is needed to find a field's place in the text again. */
export interface ConvertedDocument {
  readonly value: unknown;
  readonly duplicates: readonly DuplicateKey[];
  readonly aliasTargets: ReadonlyMap<Alias, Node>;
}

const longTag = 'tag:yaml.org,2002:';
/** Deeper nesting than this is refused; real manifests stay under a hundred, and recursion over them stays safe. */
export const maximumDepth = 1_000;
const excessiveAliasing = 'yaml: document contains excessive aliasing';

interface Anchor {
  readonly node: Node;
  value: unknown;
  size: number;
  complete: boolean;
}

/**
 * Converts a composed document to JSON by Kubernetes' reading of YAML 1.1.
 * Models sigs.k8s.io/yaml: goyaml.v2/decode.go (mapping, merge, alias, allowedAliasRatio) and yaml.go (convertToJSONableObject).
 */
export function convertDocument(root: Node | null): ConvertedDocument {
  const converter = new Converter();
  const value = root === null ? null : converter.convert(root, 0);
  return { value, duplicates: converter.duplicates, aliasTargets: converter.aliasTargets };
}

class Converter {
  readonly duplicates: DuplicateKey[] = [];
  readonly aliasTargets = new Map<Alias, Node>();
  private readonly anchors = new Map<string, Anchor>();
  private decodeCount = 0;
  private aliasCount = 0;

  convert(node: Node, depth: number): unknown {
    this.decodeCount += 1;
    if (isAlias(node)) return this.convertAlias(node);
    const name = (node as { anchor?: string }).anchor;
    if (name === undefined) return this.convertPlainNode(node, depth);
    const anchor: Anchor = { node, value: undefined, size: 0, complete: false };
    this.anchors.set(name, anchor);
    const before = this.decodeCount;
    anchor.value = this.convertPlainNode(node, depth);
    anchor.size = this.decodeCount - before + 1;
    anchor.complete = true;
    return anchor.value;
  }

  private convertPlainNode(node: Node, depth: number): unknown {
    if (depth > maximumDepth) throw new ConversionError(`yaml: exceeded max depth of ${maximumDepth}`, offsetOf(node));
    if (isScalar(node)) return jsonScalar(node);
    if (isMap(node)) return this.convertMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => (item === null ? null : this.convert(item as Node, depth + 1)));
    return null;
  }

  private convertAlias(alias: Alias): unknown {
    const anchor = this.anchors.get(alias.source);
    if (anchor === undefined) throw new ConversionError(`yaml: unknown anchor '${alias.source}' referenced`, offsetOf(alias));
    if (!anchor.complete) throw new ConversionError(`yaml: anchor '${alias.source}' value contains itself`, offsetOf(alias));
    this.aliasTargets.set(alias, anchor.node);
    this.decodeCount += anchor.size;
    this.aliasCount += anchor.size;
    if (this.aliasCount > 100 && this.decodeCount > 1_000 && this.aliasCount / this.decodeCount > allowedAliasRatio(this.decodeCount)) {
      throw new ConversionError(excessiveAliasing, offsetOf(alias));
    }
    return anchor.value;
  }

  private convertMap(map: YAMLMap, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const written = new Set<string>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      if (isMergeKey(pair.key)) {
        if (pair.value !== null) this.merge(pair.value, result, depth);
        continue;
      }
      const keyDepth = isScalar(pair.key) ? depth : depth + 1;
      const keyValue = this.convert(pair.key, keyDepth);
      const key = keyText(pair.key, keyValue);
      if (key === '__proto__') throw new ConversionError('the key "__proto__" is not supported here', offsetOf(pair.key));
      if (written.has(key)) this.duplicates.push({ key, offset: offsetOf(pair.key) });
      else written.add(key);
      result[key] = pair.value === null ? null : this.convert(pair.value, depth + 1);
    }
    return result;
  }

  /** A merge writes over what stands before it and yields to what stands after it, as in goyaml.v2. */
  private merge(node: Node, result: Record<string, unknown>, depth: number): void {
    if (isSeq(node)) {
      const sources = node.items.map((item) => this.mergeSource(item as Node, depth + 1));
      for (const source of sources.reverse()) Object.assign(result, source);
      return;
    }
    Object.assign(result, this.mergeSource(node, depth));
  }

  private mergeSource(node: Node, depth: number): object {
    const value = this.convert(node, depth + 1);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ConversionError('yaml: map merge requires map or sequence of maps as the value', offsetOf(node));
    }
    return value;
  }
}

/** From 99 % for small documents down to 10 % for very large ones. */
function allowedAliasRatio(decodeCount: number): number {
  if (decodeCount <= 400_000) return 0.99;
  if (decodeCount >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decodeCount - 400_000) / 3_600_000);
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function isMergeKey(node: Node | null): boolean {
  return isScalar(node) && node.source === '<<' && (node.tag === `${longTag}merge` || (node.type === 'PLAIN' && node.tag === undefined));
}

function resolveScalar(node: Scalar): ResolvedScalar {
  const text = node.source ?? '';
  const tag = node.tag;
  if (tag === undefined || tag === '!') return node.type === 'PLAIN' && tag === undefined ? resolvePlain(text) : { tag: '!!str', value: text };
  if (tag === `${longTag}binary`) return { tag: '!!str', value: decodeBinary(text, node) };
  if (tag === `${longTag}str` || !tag.startsWith(longTag)) return { tag: '!!str', value: text };
  const wanted = `!!${tag.slice(longTag.length)}`;
  if (!['!!bool', '!!int', '!!float', '!!null', '!!timestamp'].includes(wanted)) return { tag: '!!str', value: text };
  const resolved = resolvePlain(text);
  if (resolved.tag === wanted || (wanted === '!!float' && resolved.tag === '!!int')) return resolved;
  throw new ConversionError(`yaml: cannot decode ${resolved.tag} \`${text}\` as a ${wanted}`, offsetOf(node));
}

function jsonScalar(node: Scalar): unknown {
  const { value } = resolveScalar(node);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    throw new ConversionError(`json: unsupported value: ${shown}`, offsetOf(node));
  }
  return value;
}

function keyText(node: Node, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    const whole = Number.isSafeInteger(value) && !(isScalar(node) && resolveScalar(node).tag === '!!float');
    return whole ? String(value) : formatFloatKey(value);
  }
  if (value === null) throw new ConversionError('unsupported map key of type: %!s(<nil>), key: <nil>', offsetOf(node));
  throw new ConversionError(`yaml: invalid map key: ${goSyntax(value)}`, offsetOf(node));
}

/** Go's %#v of a decoded value: what an unquoted `{{ .Values.name }}` is answered with. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object') {
    return `map[interface {}]interface {}{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${goSyntax(inner)}`).join(', ')}}`;
  }
  return String(value);
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a `!!binary` scalar, one character each. */
function decodeBinary(text: string, node: Scalar): string {
  const clean = text.replaceAll(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) {
    throw new ConversionError('yaml: !!binary value contains invalid base64 data', offsetOf(node));
  }
  let bits = 0;
  let held = 0;
  let bytes = '';
  for (const character of clean) {
    if (character === '=') break;
    held = (held << 6) | base64Alphabet.indexOf(character);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += String.fromCharCode((held >> bits) & 255);
    }
  }
  return bytes;
}

/** Where a field, or the nearest part of its path that exists, begins in the document's text. */
export function offsetOfPath(root: Node | null, path: FieldPath, aliasTargets: ReadonlyMap<Alias, Node>): number {
  let node = root;
  let offset = root === null ? 0 : offsetOf(root);
  for (const step of path) {
    if (isAlias(node)) node = aliasTargets.get(node) ?? null;
    if (isSeq(node) && typeof step === 'number') {
      const item: Node | null = (node.items[step] as Node | undefined) ?? null;
      if (item === null) return offset;
      node = item;
      offset = offsetOf(item);
    } else if (isMap(node)) {
      const pair = findPair(node, String(step), aliasTargets);
      if (pair === undefined) return offset;
      node = pair.value;
      offset = offsetOf(pair.key);
    } else {
      return offset;
    }
  }
  return offset;
}

function findPair(map: YAMLMap, key: string, aliasTargets: ReadonlyMap<Alias, Node>): Pair<Node, Node | null> | undefined {
  const pairs = map.items as Pair<Node, Node | null>[];
  for (let index = pairs.length - 1; index >= 0; index -= 1) {
    const pair = pairs[index]!;
    if (isMergeKey(pair.key)) {
      const found = findInMerge(pair.value, key, aliasTargets);
      if (found !== undefined) return found;
    } else if (isScalar(pair.key) && keyText(pair.key, resolveScalar(pair.key).value) === key) {
      return pair;
    }
  }
  return undefined;
}

function findInMerge(source: Node | null, key: string, aliasTargets: ReadonlyMap<Alias, Node>): Pair<Node, Node | null> | undefined {
  const node = isAlias(source) ? aliasTargets.get(source) ?? null : source;
  if (isMap(node)) return findPair(node, key, aliasTargets);
  if (!isSeq(node)) return undefined;
  for (const item of node.items) {
    const found = findInMerge(item as Node, key, aliasTargets);
    if (found !== undefined) return found;
  }
  return undefined;
}
