/**
 * What changed between two specs, printed in the manner of the Go library the API server uses (go-cmp). The real one varies its own
 * spacing from build to build; the shape here is its shape, with unchanged fields counted instead of listed.
 */
import { goJson, quoteGo } from '../../apimachinery/field-errors.ts';
import { deepEqual } from '../../apimachinery/equality.ts';

type Fields = { readonly [key: string]: unknown };

const initialisms: { readonly [name: string]: string } = { dnsPolicy: 'DNSPolicy', dnsConfig: 'DNSConfig', hostIP: 'HostIP', hostPID: 'HostPID', hostIPC: 'HostIPC', tty: 'TTY' };
const goName = (name: string): string => initialisms[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
/** An absent text is Go's empty text; everything else that is absent is nil. */
const printed = (value: unknown, other: unknown): string =>
  value === undefined || value === null ? (typeof other === 'string' ? '""' : 'nil') : typeof value === 'string' ? quoteGo(value) : goJson(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
/** Removed lines begin with a minus, added ones with a plus, all others with a blank. */
const line = (mark: '-' | '+' | ' ', depth: number, text: string): string => `${mark} ${'\t'.repeat(depth)}${text}`;

function diffFields(old: Fields, next: Fields, depth: number, lines: string[], inList: boolean): void {
  let identical = 0;
  const flush = (): void => {
    if (identical > 0) lines.push(line(' ', depth, `... // ${identical} identical ${inList ? 'elements' : 'fields'}`));
    identical = 0;
  };
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
    const before = old[key];
    const after = next[key];
    if (before === undefined && after === undefined) continue;
    if (deepEqual(before, after)) {
      identical++;
      continue;
    }
    flush();
    const label = inList ? '' : `${goName(key)}: `;
    if (isFields(before) && isFields(after)) {
      lines.push(line(' ', depth, `${label}{`));
      diffFields(before, after, depth + 1, lines, Array.isArray(before));
      lines.push(line(' ', depth, '},'));
    } else {
      if (before !== undefined || !inList) lines.push(line('-', depth, `${label}${printed(before, after)},`));
      if (after !== undefined || !inList) lines.push(line('+', depth, `${label}${printed(after, before)},`));
    }
  }
  flush();
}

/** The changes between two values of a Go type. */
export function diffOf(type: string, old: object, next: object): string {
  const lines = [line(' ', 0, `${type}{`)];
  diffFields(old as Fields, next as Fields, 1, lines, false);
  lines.push(line(' ', 0, '}'), '');
  return lines.join('\n');
}

export const diffPodSpecs = (old: object, next: object): string => diffOf('core.PodSpec', old, next);
