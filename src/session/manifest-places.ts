import type { Status } from '../kubernetes/api/index.ts';
import { parseFieldPath } from '../kubernetes/yaml/field-path.ts';
import type { ManifestReading } from '../kubernetes/yaml/index.ts';
import type { Problem } from './port/protocol.ts';

/**
 * Where in a manifest the server's refusal of a document is about: the field of the first cause, the unknown field of a strict decoding
 * error, the Go struct field of a type error; the document's first line where it names none.
 */
export function placeOf(reading: ManifestReading, documentIndex: number, text: string, status: Status | undefined): Pick<Problem, 'line' | 'column'> {
  const document = reading.documents[documentIndex];
  if (document === undefined) return {};
  const field = status?.details?.causes?.[0]?.field ?? /unknown field "([^"]+)"/.exec(text)?.[1] ?? /Go struct field \w+\.([\w.[\]]+) of type/.exec(text)?.[1];
  return field === undefined ? { line: document.line, column: 1 } : document.lineOf(parseFieldPath(field));
}
