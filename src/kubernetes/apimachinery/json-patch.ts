/** JSON patch, RFC 6902, with the complaints of the library the API server uses (evanphx/json-patch). */
import { deepEqual } from './equality.ts';
import { isObject, withField, withItem, withoutField } from './json-value.ts';

export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A patch that does not fit the document; the API server answers 422 with its message. */
export class JsonPatchError extends Error {}

const fail = (message: string): never => {
  throw new JsonPatchError(message);
};

/** The names in a JSON pointer, unescaped. */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer.replace(/^\//, '').split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function listIndex(part: string, length: number, path: string, op: string): number {
  const index = Number(part);
  if (!/^-?\d+$/.test(part)) fail(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
  if (index < 0 || index >= length) fail(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: Unable to access invalid index: ${part}: invalid index referenced`);
  return index;
}

const missing = (op: string, path: string): never => fail(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);

function read(document: unknown, path: string, op: string): unknown {
  let value = document;
  for (const part of parsePointer(path)) {
    if (Array.isArray(value)) value = value[listIndex(part, value.length, path, op)];
    else if (isObject(value) && Object.hasOwn(value, part)) value = value[part];
    else missing(op, path);
  }
  return value;
}

type Change = (container: unknown, part: string) => unknown;

/** The document with the container at the pointer's parent changed; the rest is shared. */
function changeAt(document: unknown, parts: readonly string[], depth: number, path: string, op: string, change: Change): unknown {
  const part = parts[depth]!;
  if (depth === parts.length - 1) return change(document, part);
  if (Array.isArray(document)) {
    const index = listIndex(part, document.length, path, op);
    return withItem(document, index, changeAt(document[index], parts, depth + 1, path, op, change));
  }
  if (!isObject(document) || !Object.hasOwn(document, part)) return missing(op, path);
  return withField(document, part, changeAt(document[part], parts, depth + 1, path, op, change));
}

function add(document: unknown, path: string, value: unknown, op: string): unknown {
  const parts = parsePointer(path);
  if (parts.length === 0) return value;
  return changeAt(document, parts, 0, path, op, (container, part) => {
    if (Array.isArray(container)) {
      const index = part === '-' ? container.length : Number(part);
      if (!Number.isInteger(index) || index < 0 || index > container.length) listIndex(part, container.length, path, op);
      return [...container.slice(0, index), value, ...container.slice(index)];
    }
    return isObject(container) ? withField(container, part, value) : missing(op, path);
  });
}

function remove(document: unknown, path: string, op: string): unknown {
  const parts = parsePointer(path);
  if (parts.length === 0) return missing(op, path);
  return changeAt(document, parts, 0, path, op, (container, part) => {
    if (Array.isArray(container)) {
      const index = listIndex(part, container.length, path, op);
      return [...container.slice(0, index), ...container.slice(index + 1)];
    }
    if (!isObject(container)) return missing(op, path);
    return Object.hasOwn(container, part) ? withoutField(container, part) : fail(`${op} operation does not apply: Unable to remove nonexistent key: ${part}: missing value`);
  });
}

function replace(document: unknown, path: string, value: unknown): unknown {
  const parts = parsePointer(path);
  if (parts.length === 0) return value;
  return changeAt(document, parts, 0, path, 'replace', (container, part) => {
    if (Array.isArray(container)) return withItem(container, listIndex(part, container.length, path, 'replace'), value);
    if (!isObject(container)) return missing('replace', path);
    return Object.hasOwn(container, part) ? withField(container, part, value) : fail(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  });
}

function test(document: unknown, path: string, value: unknown): unknown {
  let found: unknown;
  try {
    found = read(document, path, 'test');
  } catch (error) {
    if (value !== null) throw error;
    found = null;
  }
  return deepEqual(found ?? null, value ?? null) ? document : fail(`testing value ${path} failed: test failed`);
}

/** The document with all operations applied in order, or a JsonPatchError and nothing applied. */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  let result = document;
  for (const operation of operations) {
    switch (operation.op) {
      case 'add': result = add(result, operation.path, operation.value, 'add'); break;
      case 'remove': result = remove(result, operation.path, 'remove'); break;
      case 'replace': result = replace(result, operation.path, operation.value); break;
      case 'test': result = test(result, operation.path, operation.value); break;
      case 'copy': result = add(result, operation.path, read(result, operation.from, 'copy'), 'copy'); break;
      case 'move': {
        const moved = read(result, operation.from, 'move');
        result = add(remove(result, operation.from, 'move'), operation.path, moved, 'move');
        break;
      }
      default: fail(`Unexpected kind: ${String((operation as { op?: unknown }).op)}`);
    }
  }
  return result;
}
