import { isQuantity, quantityFormatError } from '../apimachinery/quantity.ts';

/** What Go says of text that is no quantity, or undefined where it is one. Models apimachinery pkg/api/resource/quantity.go: ParseQuantity. */
export function quantityProblem(value: unknown): string | undefined {
  if (typeof value === 'number') return undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  if (isQuantity(text)) return undefined;
  const scanned = /^[+-]?([0-9]*)(\.[0-9]*)?[eEinumkKMGTP]*[-+]?[0-9]*$/.exec(text);
  if (text === '' || scanned === null) return quantityFormatError;
  return scanned[1] === '' && scanned[2] === '.' ? "unable to parse numeric part of quantity" : "unable to parse quantity's suffix";
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What Go says of text that is no time, or undefined where it is one. Models time.Parse with RFC 3339 layouts, as metav1.Time reads. */
export function timeProblem(text: string, withMicroseconds: boolean): string | undefined {
  const layout = withMicroseconds ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  const quoted = JSON.stringify(text);
  const steps: readonly (readonly [string, RegExp])[] = [
    ['2006', /^\d{4}/], ['-', /^-/], ['01', /^\d\d/], ['-', /^-/], ['02', /^\d\d/], ['T', /^T/], ['15', /^\d\d/], [':', /^:/], ['04', /^\d\d/], [':', /^:/], ['05', /^\d\d/],
    withMicroseconds ? ['.000000', /^\.\d{6}/] : ['', /^([.,]\d+)?/], ['Z07:00', /^(Z|[-+]\d\d:\d\d)/],
  ];
  let rest = text;
  const parts: string[] = [];
  for (const [element, pattern] of steps) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return `parsing time ${quoted} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    parts.push(found);
    rest = rest.slice(found.length);
    const range = rangeProblem(element, parts);
    if (range !== undefined) return `parsing time ${quoted}: ${range} out of range`;
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  const [year, month, day] = [Number(parts[0]), Number(parts[2]), Number(parts[4])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : monthDays[month - 1]!;
  return day < 1 || day > days ? `parsing time ${quoted}: day out of range` : undefined;
}

function rangeProblem(element: string, parts: readonly string[]): string | undefined {
  const value = Number(parts[parts.length - 1]);
  if (element === '01' && (value < 1 || value > 12)) return 'month';
  if (element === '15' && value > 23) return 'hour';
  if (element === '04' && value > 59) return 'minute';
  return element === '05' && value > 59 ? 'second' : undefined;
}

const base64 = /^[A-Za-z0-9+/]$/;

/** Where Go's decoder stumbles over base64 text, or undefined. Models encoding/base64: decodeQuantum, which skips line breaks. */
export function base64Problem(text: string): string | undefined {
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const corrupt = (at: number): string => `illegal base64 data at input byte ${at}`;
  const isLineBreak = (at: number): boolean => text[at] === '\n' || text[at] === '\r';
  let at = 0;
  for (;;) {
    for (let filled = 0; filled < 4;) {
      if (at >= text.length) return filled === 0 ? undefined : corrupt(at - filled);
      const character = text[at]!;
      at += 1;
      if (character === '\n' || character === '\r') continue;
      if (base64.test(character)) { filled += 1; continue; }
      if (character !== '=' || filled < 2) return corrupt(at - 1);
      if (filled === 2) {
        while (isLineBreak(at)) at += 1;
        if (at >= text.length) return corrupt(text.length);
        if (text[at] !== '=') return corrupt(at - 1);
        at += 1;
      }
      while (isLineBreak(at)) at += 1;
      return at < text.length ? corrupt(at) : undefined;
    }
  }
}
