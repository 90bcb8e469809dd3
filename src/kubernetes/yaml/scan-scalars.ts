import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isEnd } from './text-cursor.ts';
import type { TextCursor } from './text-cursor.ts';

/** Line breaks met between two parts of a scalar; the first one of several folds away. */
function fold(leadingBreak: boolean, trailingBreaks: number): string {
  if (leadingBreak && trailingBreaks === 0) return ' ';
  return '\n'.repeat(trailingBreaks);
}

/** Reads an unquoted scalar; `endedOnNewLine` says that a simple key may follow. Models scannerc.go: yaml_parser_scan_plain_scalar. */
export function scanPlain(cursor: TextCursor, indent: number, inFlow: boolean): { value: string; endedOnNewLine: boolean } {
  const startLine = cursor.line;
  let value = '';
  let blanks = '';
  let breaks = 0;
  for (;;) {
    if (cursor.code() === 35 || cursor.documentIndicator() !== undefined) break;
    const before = cursor.at;
    skipPlainCharacters(cursor, inFlow);
    if (cursor.at > before) {
      value += (breaks > 0 ? fold(true, breaks - 1) : blanks) + cursor.text.slice(before, cursor.at);
      blanks = '';
      breaks = 0;
    }
    let code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) break;
    const blanksFrom = cursor.at;
    while (isBlank(code) || isBreak(code)) {
      if (isBreak(code)) {
        cursor.skipLine();
        breaks += 1;
      } else {
        if (breaks > 0 && cursor.column < indent && code === 9) cursor.fail('found a tab character that violates indentation', startLine);
        cursor.at += 1;
      }
      code = cursor.code();
    }
    blanks = cursor.text.slice(blanksFrom, cursor.at);
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, endedOnNewLine: breaks > 0 };
}

function skipPlainCharacters(cursor: TextCursor, inFlow: boolean): void {
  for (;;) {
    const code = cursor.code();
    if (isBlankOrEnd(code)) return;
    if (code === 58 && isBlankOrEnd(cursor.code(1))) return;
    if (inFlow && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125)) return;
    cursor.at += 1;
  }
}

/** Reads a quoted scalar from its opening quote to its closing one. Models scannerc.go: yaml_parser_scan_flow_scalar. */
export function scanQuoted(cursor: TextCursor): string {
  const quote = cursor.code();
  const startLine = cursor.line;
  const start = cursor.at;
  let value = '';
  cursor.at += 1;
  for (;;) {
    if (cursor.documentIndicator() !== undefined) cursor.fail('found unexpected document indicator', startLine);
    if (isEnd(cursor.code())) cursor.fail('found unexpected end of stream', startLine, start);
    let leadingBlanks = false;
    let part = cursor.at;
    let code = cursor.code();
    while (!isBlankOrEnd(code)) {
      if (code === quote) {
        if (quote !== 39 || cursor.code(1) !== 39) break;
        value += cursor.text.slice(part, cursor.at + 1);
        cursor.at += 2;
        part = cursor.at;
      } else if (code === 92 && quote === 34) {
        value += cursor.text.slice(part, cursor.at);
        if (isBreak(cursor.code(1))) {
          cursor.at += 1;
          cursor.skipLine();
          leadingBlanks = true;
          part = cursor.at;
          break;
        }
        value += scanEscape(cursor, startLine);
        part = cursor.at;
      } else {
        cursor.at += 1;
      }
      code = cursor.code();
    }
    value += cursor.text.slice(part, cursor.at);
    if (!leadingBlanks && cursor.code() === quote) {
      cursor.at += 1;
      return value;
    }
    value += scanQuotedBlanks(cursor, leadingBlanks);
  }
}

function scanQuotedBlanks(cursor: TextCursor, afterEscapedBreak: boolean): string {
  const from = cursor.at;
  let onNewLine = afterEscapedBreak;
  let leadingBreak = false;
  let trailingBreaks = 0;
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBlank(code)) {
      cursor.at += 1;
      continue;
    }
    cursor.skipLine();
    if (onNewLine) trailingBreaks += 1;
    else leadingBreak = true;
    onNewLine = true;
  }
  return onNewLine ? fold(leadingBreak, trailingBreaks) : cursor.text.slice(from, cursor.at);
}

const escapes: Readonly<Record<string, string>> = {
  0: '\0', a: '\u0007', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\u001b', ' ': ' ', '"': '"', "'": "'",
  '\\': '\\', N: '\u0085', _: '\u00a0', L: '\u2028', P: '\u2029',
};

function scanEscape(cursor: TextCursor, startLine: number): string {
  const mark = cursor.text.charAt(cursor.at + 1);
  const digits = mark === 'x' ? 2 : mark === 'u' ? 4 : mark === 'U' ? 8 : 0;
  if (digits === 0) {
    if (!Object.hasOwn(escapes, mark)) cursor.fail('found unknown escape character', startLine);
    cursor.at += 2;
    return escapes[mark]!;
  }
  cursor.at += 2;
  let value = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const hex = '0123456789abcdef'.indexOf(cursor.text.charAt(cursor.at + digit).toLowerCase() || '?');
    if (hex === -1) cursor.fail('did not find expected hexdecimal number', startLine);
    value = value * 16 + hex;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) cursor.fail('found invalid Unicode character escape code', startLine);
  cursor.at += digits;
  return String.fromCodePoint(value);
}

/** Reads a `|` or `>` scalar. Models scannerc.go: yaml_parser_scan_block_scalar. */
export function scanBlock(cursor: TextCursor, parentIndent: number): string {
  const startLine = cursor.line;
  const folded = cursor.code() === 62;
  cursor.at += 1;
  const { keep, strip, increment } = scanBlockHeader(cursor, startLine);
  const least = { indent: increment === 0 ? 0 : Math.max(parentIndent, 0) + increment, parentIndent, startLine };
  let trailingBreaks = skipBlockBreaks(cursor, least);
  let value = '';
  let leadingBreak = false;
  let leadingBlank = false;
  while (cursor.column === least.indent && !isEnd(cursor.code())) {
    const startsBlank = isBlank(cursor.code());
    if (folded && leadingBreak && !leadingBlank && !startsBlank) value += fold(true, trailingBreaks);
    else value += (leadingBreak ? '\n' : '') + '\n'.repeat(trailingBreaks);
    leadingBlank = startsBlank;
    const from = cursor.at;
    cursor.skipToBreak();
    value += cursor.text.slice(from, cursor.at);
    leadingBreak = isBreak(cursor.code());
    if (leadingBreak) cursor.skipLine();
    trailingBreaks = skipBlockBreaks(cursor, least);
  }
  if (!strip && leadingBreak) value += '\n';
  return keep ? value + '\n'.repeat(trailingBreaks) : value;
}

function scanBlockHeader(cursor: TextCursor, startLine: number): { keep: boolean; strip: boolean; increment: number } {
  const header = cursor.match(/[-+][0-9]?|[0-9][-+]?/y);
  const digit = /[0-9]/.exec(header)?.[0];
  if (digit === '0') cursor.fail('found an indentation indicator equal to 0', startLine);
  while (isBlank(cursor.code())) cursor.at += 1;
  if (cursor.code() === 35) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) cursor.fail('did not find expected comment or line break', startLine);
  if (isBreak(cursor.code())) cursor.skipLine();
  return { keep: header.includes('+'), strip: header.includes('-'), increment: Number(digit ?? 0) };
}

/** Skips indentation and empty lines, counts the latter, and settles the indentation when it is not known yet. */
function skipBlockBreaks(cursor: TextCursor, least: { indent: number; readonly parentIndent: number; readonly startLine: number }): number {
  let widest = 0;
  let breaks = 0;
  for (;;) {
    while ((least.indent === 0 || cursor.column < least.indent) && cursor.code() === 32) cursor.at += 1;
    widest = Math.max(widest, cursor.column);
    if ((least.indent === 0 || cursor.column < least.indent) && cursor.code() === 9) {
      cursor.fail('found a tab character where an indentation space is expected', least.startLine);
    }
    if (!isBreak(cursor.code())) break;
    cursor.skipLine();
    breaks += 1;
  }
  if (least.indent === 0) least.indent = Math.max(widest, least.parentIndent + 1, 1);
  return breaks;
}
