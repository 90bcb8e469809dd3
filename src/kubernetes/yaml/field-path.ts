/** A place inside an object: map keys as text, list positions as numbers. */
export type FieldPath = readonly (string | number)[];

/**
 * Reads a field path as the API server writes it, `spec.containers[0].image` or `metadata.labels[app.kubernetes.io/name]`.
 * A bracket that holds no plain number is a map key. Models apimachinery pkg/util/validation/field/path.go: Path.String.
 */
export function parseFieldPath(text: string): (string | number)[] {
  const path: (string | number)[] = [];
  let at = 0;
  let name = '';
  while (at < text.length) {
    const character = text[at]!;
    if (character === '.') {
      if (name !== '') path.push(name);
      name = '';
      at += 1;
    } else if (character === '[') {
      if (name !== '') path.push(name);
      name = '';
      const close = text.indexOf(']', at);
      const inside = text.slice(at + 1, close === -1 ? text.length : close);
      path.push(/^(0|[1-9]\d*)$/.test(inside) ? Number(inside) : unquote(inside));
      at = close === -1 ? text.length : close + 1;
    } else {
      name += character;
      at += 1;
    }
  }
  if (name !== '') path.push(name);
  return path;
}

/** Writes a field path as the API server does. */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (text === '') text = step;
    else text += `.${step}`;
  }
  return text;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
