import { composeDocument } from './compose.ts';
import type { YamlNode } from './compose.ts';
import { ConversionError, convertDocument, maximumDepth, refuseUnsayable } from './convert.ts';
import type { FieldPath } from './field-path.ts';
import { scanJsonStream } from './json-stream.ts';
import { offsetOfPath } from './locate.ts';
import { splitDocuments } from './split-documents.ts';
import type { DocumentText } from './split-documents.ts';

/** A place in the text that was read; both count from one. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with the text, in the words of `kubectl`, with the line a reader should look at. */
export interface ManifestError extends TextPosition {
  readonly message: string;
}

/** One document of a manifest, read as `kubectl` reads it. */
export interface ManifestDocument {
  /** Plain JSON; aliases share their value, so it is never to be changed in place. */
  readonly value: unknown;
  /** The line on which the document's own text begins. */
  readonly line: number;
  /** What `kubectl` accepts without a word and a reader would want to know: keys written twice (the last one counts). */
  readonly warnings: readonly ManifestError[];
  /** Where a field stands, or the nearest part of its path that exists. */
  lineOf(path: FieldPath): TextPosition;
}

/** What a text holds: its documents, empty ones left out, and the errors of those that cannot be read. */
export interface ManifestReading {
  readonly documents: ManifestDocument[];
  readonly errors: ManifestError[];
}

/** The largest request body that kube-apiserver takes, in bytes. */
export const maximumRequestBytes = 3_145_728;

/**
 * Reads a manifest: YAML 1.1 or JSON, one document or many.
 * Models cli-runtime pkg/resource/visitor.go: StreamVisitor.Visit over apimachinery's YAMLOrJSONDecoder. `kubectl` stops at
 * the first error; here the documents after it are read too, so that an editor can show everything at once.
 */
export function readManifests(text: string, options: { readonly fileName?: string } = {}): ManifestReading {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const prefix = `error parsing ${options.fileName ?? 'STDIN'}: `;
  if (/^\s*\{/.test(source)) return readJson(source, prefix);
  const { documents: chunks, bad } = splitDocuments(source);
  const tooLarge = refuseLargeText(source, chunks.length);
  if (tooLarge !== undefined) return { documents: [], errors: [tooLarge] };
  const reading: ManifestReading = { documents: [], errors: [] };
  for (const chunk of chunks) readChunk(chunk, prefix, reading);
  if (bad !== undefined) {
    reading.errors.push({ message: `${prefix}invalid Yaml document separator: ${bad.trailing}`, line: bad.line, column: 4 });
  }
  return reading;
}

function refuseLargeText(source: string, documents: number): ManifestError | undefined {
  if (source.length * 3 <= maximumRequestBytes) return undefined;
  const bytes = utf8Length(source);
  if (bytes <= maximumRequestBytes) return undefined;
  const what = documents > 1 ? `these ${documents} documents are ${bytes} bytes; read them in parts` : `this document is ${bytes} bytes`;
  return { message: `Request entity too large: limit is ${maximumRequestBytes} (${what})`, line: 1, column: 1 };
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code <= 0xdbff) { bytes += 2; index += 1; }
    else bytes += 2;
  }
  return bytes;
}

function readChunk(chunk: DocumentText, prefix: string, reading: ManifestReading): void {
  const lines = new LineIndex(chunk.text, chunk.firstLine);
  const fail = (message: string, offset: number): void => {
    reading.errors.push({ message: `${prefix}error converting YAML to JSON: ${message}`, ...lines.position(offset) });
  };
  try {
    const { root, problem } = composeDocument(chunk.text);
    if (problem !== undefined) return fail(problem.message, problem.offset);
    if (root === undefined) return;
    const { value, duplicates } = convertDocument(root);
    if (value === null) return;
    refuseUnsayable(root, value);
    reading.documents.push({
      value,
      line: lines.position(root.offset).line,
      warnings: duplicates.map(({ key, offset }) => ({ message: `key ${JSON.stringify(key)} already set in map`, ...lines.position(offset) })),
      lineOf: (path) => lines.position(offsetOfPath(root, path)),
    });
  } catch (error) {
    if (error instanceof ConversionError) fail(error.message, error.offset);
    else if (error instanceof RangeError) fail(`yaml: exceeded max depth of ${maximumDepth}`, 0);
    else throw error;
  }
}

function readJson(text: string, prefix: string): ManifestReading {
  const reading: ManifestReading = { documents: [], errors: [] };
  const { values, error } = scanJsonStream(text);
  const tooLarge = refuseLargeText(text, values.length);
  if (tooLarge !== undefined) return { documents: [], errors: [tooLarge] };
  const lines = new LineIndex(text, 1);
  for (const { start, end } of values) {
    const span = text.slice(start, end);
    const first = lines.position(start);
    const own = new LineIndex(span, 1);
    const value: unknown = JSON.parse(span, refuseProto);
    if (value === refused) {
      reading.errors.push({ message: `${prefix}the key "__proto__" is not supported here`, ...lines.position(start + Math.max(0, span.indexOf('"__proto__"'))) });
      continue;
    }
    if (value === null) continue;
    let root: YamlNode | undefined;
    const lineOf = (path: FieldPath): TextPosition => {
      root ??= composeDocument(span).root;
      const at = own.position(root === undefined ? 0 : offsetOfPath(root, path));
      return at.line === 1 ? { line: first.line, column: first.column + at.column - 1 } : { line: first.line + at.line - 1, column: at.column };
    };
    reading.documents.push({ value, line: first.line, warnings: [], lineOf });
  }
  if (error !== undefined) {
    const end = error.offset === -1 ? text.trimEnd().length : error.offset - 1;
    const message = error.offset === -1 ? error.message : `json: offset ${error.offset}: ${error.message}`;
    reading.errors.push({ message: prefix + message, ...lines.position(end) });
  }
  return reading;
}

const refused: unique symbol = Symbol('refused');

/** A reviver that lets a `__proto__` key anywhere below spoil the whole value. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') return refused;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) ? value.includes(refused) : Object.values(value).includes(refused) || Object.hasOwn(value, '__proto__')) return refused;
  return value;
}

/** Turns offsets of a text into lines and columns. */
class LineIndex {
  private readonly starts: number[] = [0];
  private readonly firstLine: number;
  constructor(text: string, firstLine: number) {
    this.firstLine = firstLine;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  lineWithin(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  position(offset: number): TextPosition {
    const within = this.lineWithin(offset);
    return { line: within + this.firstLine - 1, column: offset - this.starts[within - 1]! + 1 };
  }
}
