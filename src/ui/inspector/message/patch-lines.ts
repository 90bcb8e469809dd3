import { valueText } from '../history/value-text.ts';

/** One thing that a patch asks for. */
export interface PatchLine { readonly path: string; readonly text: string; readonly removes: boolean }

interface JsonPatchStep { readonly op: string; readonly path: string; readonly from?: string; readonly value?: unknown }
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const itemName = (item: Json, index: number): string => String(item['name'] ?? item['type'] ?? item['containerPort'] ?? item['ip'] ?? index);

/** What a patch asks for, field by field; undefined for a body that is no patch. Models apimachinery/pkg/util/strategicpatch: its directives. */
export function patchLines(body: unknown, headers: readonly (readonly [name: string, value: string])[]): readonly PatchLine[] | undefined {
  const type = headers.find(([name]) => name === 'Content-Type')?.[1] ?? '';
  if (type === 'application/json-patch+json') return (body as readonly JsonPatchStep[]).map(({ op, path, from, value }) => ({ path, text: op === 'move' || op === 'copy' ? `${op} from ${from ?? ''}` : `${valueText(value)}${op === 'test' ? ' (must be so)' : ''}`, removes: op === 'remove' }));
  if (type !== 'application/merge-patch+json' && type !== 'application/strategic-merge-patch+json') return undefined;
  const lines: PatchLine[] = [];
  const visit = (value: unknown, path: string): void => {
    if (isObject(value)) {
      if (value['$patch'] === 'delete') { lines.push({ path, text: '', removes: true }); return; }
      for (const [name, inner] of Object.entries(value)) {
        // The order of a list is no change of what is in it.
        if (name.startsWith('$setElementOrder/') || name === '$retainKeys') continue;
        if (name.startsWith('$deleteFromPrimitiveList/')) lines.push({ path: `${path === '' ? '' : `${path}.`}${name.slice(25)}[${Array.isArray(inner) ? inner.join(', ') : valueText(inner)}]`, text: '', removes: true });
        else visit(inner, path === '' ? name : /^[\w$-]+$/.test(name) ? `${path}.${name}` : `${path}[${name}]`);
      }
    } else if (Array.isArray(value) && value.length > 0 && value.every(isObject)) value.forEach((item, index) => visit(item, `${path}[${itemName(item, index)}]`));
    else lines.push({ path, text: value === '' ? '""' : valueText(value), removes: value === null });
  };
  visit(body, '');
  return lines;
}
