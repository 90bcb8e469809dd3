/** The kinds of token that the scanner tells apart; values are not kept, only what the grammar needs. */
export type TokenType =
  | 'stream-start' | 'stream-end' | 'version-directive' | 'tag-directive' | 'document-start' | 'document-end'
  | 'block-sequence-start' | 'block-mapping-start' | 'block-end'
  | 'flow-sequence-start' | 'flow-sequence-end' | 'flow-mapping-start' | 'flow-mapping-end'
  | 'block-entry' | 'flow-entry' | 'key' | 'value' | 'alias' | 'anchor' | 'tag' | 'scalar';

/** A token with the offset and line (from zero) of its start; a tag carries its handle. */
export interface Token {
  readonly type: TokenType;
  readonly offset: number;
  readonly line: number;
  readonly handle?: string;
}

/** A syntax error of libyaml: the words, the place, and the line number as goyaml prints it (0: none). */
export class YamlSyntaxError extends Error {
  readonly offset: number;
  readonly shownLine: number;
  constructor(problem: string, offset: number, shownLine: number) {
    super(problem);
    this.offset = offset;
    this.shownLine = shownLine;
  }
}

interface SimpleKey {
  possible: boolean;
  required: boolean;
  tokenNumber: number;
  offset: number;
  line: number;
  column: number;
}

const deepest = 10_000;
const tagUri = /[-A-Za-z0-9_;/?:@&=+$.!~*'()%,[\]]*/y;
const word = /[-A-Za-z0-9_]*/y;

const noKey = (): SimpleKey => ({ possible: false, required: false, tokenNumber: 0, offset: 0, line: 0, column: 0 });
const isBreak = (code: number): boolean => code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
const isBlank = (code: number): boolean => code === 32 || code === 9;
const isEnd = (code: number): boolean => code !== code;
const isBreakOrEnd = (code: number): boolean => isEnd(code) || isBreak(code);
const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code);

/**
 * Cuts YAML into tokens exactly as libyaml does, so that a mistake is noticed at the same place and in the same words.
 * Models sigs.k8s.io/yaml goyaml.v2/scannerc.go. It runs beside the `yaml` library, whose own errors differ in wording
 * and, for tabs and stray colons, in what they accept.
 */
export class SyntaxScanner {
  private readonly text: string;
  private at = 0;
  private line = 0;
  private lineStart = 0;
  private tokens: Token[] = [];
  private head = 0;
  private parsed = 0;
  private simpleKeys: SimpleKey[] = [noKey()];
  private keysByToken = new Map<number, SimpleKey>();
  private simpleKeyAllowed = true;
  private indent = -1;
  private indents: number[] = [];
  private flowLevel = 0;
  private started = false;

  constructor(text: string) {
    this.text = text;
  }

  /** The next token, left in the queue. */
  peek(): Token {
    this.fetchMoreTokens();
    return this.tokens[this.head]!;
  }

  /** Takes the token that `peek` showed. */
  skip(): void {
    this.head += 1;
    this.parsed += 1;
    if (this.head > 256 && this.head === this.tokens.length) {
      this.tokens = [];
      this.head = 0;
    }
  }

  private get column(): number {
    return this.at - this.lineStart;
  }

  private code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  private fail(problem: string, contextLine = this.line): never {
    throw new YamlSyntaxError(problem, this.at, this.line !== 0 ? this.line + 1 : contextLine);
  }

  private skipLine(): void {
    if (this.code() === 13 && this.code(1) === 10) this.at += 1;
    this.at += 1;
    this.line += 1;
    this.lineStart = this.at;
  }

  private push(type: TokenType, offset: number, line: number, handle?: string): void {
    this.tokens.push(handle === undefined ? { type, offset, line } : { type, offset, line, handle });
  }

  private insert(tokenNumber: number, token: Token): void {
    this.tokens.splice(this.head + tokenNumber - this.parsed, 0, token);
  }

  private fetchMoreTokens(): void {
    for (;;) {
      if (this.head < this.tokens.length) {
        const key = this.keysByToken.get(this.parsed);
        if (key === undefined || !this.isKeyValid(key)) return;
      }
      this.fetchNextToken();
    }
  }

  private isKeyValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.line || key.offset + 1_024 < this.at) {
      if (key.required) this.fail("could not find expected ':'", key.line);
      key.possible = false;
      return false;
    }
    return true;
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    const required = this.flowLevel === 0 && this.indent === this.column;
    this.removeSimpleKey();
    const key = { possible: true, required, tokenNumber: this.parsed + this.tokens.length - this.head, offset: this.at, line: this.line, column: this.column };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keysByToken.set(key.tokenNumber, key);
  }

  private removeSimpleKey(): void {
    const key = this.simpleKeys[this.simpleKeys.length - 1]!;
    if (!key.possible) return;
    if (key.required) this.fail("could not find expected ':'", key.line);
    key.possible = false;
    this.keysByToken.delete(key.tokenNumber);
  }

  private rollIndent(column: number, tokenNumber: number, type: TokenType, offset: number, line: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > deepest) this.fail(`exceeded max depth of ${deepest}`);
    if (tokenNumber === -1) this.push(type, offset, line);
    else this.insert(tokenNumber, { type, offset, line });
  }

  private unrollIndent(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push('block-end', this.at, this.line);
      this.indent = this.indents.pop()!;
    }
  }

  private fetchNextToken(): void {
    if (!this.started) {
      this.started = true;
      return this.push('stream-start', 0, 0);
    }
    this.scanToNextToken();
    this.unrollIndent(this.column);
    const code = this.code();
    if (isEnd(code)) return this.fetchStreamEnd();
    if (this.column === 0) {
      if (code === 37) return this.fetchDirective();
      const indicator = this.documentIndicator();
      if (indicator !== undefined) return this.fetchDocumentIndicator(indicator);
    }
    switch (code) {
      case 91: return this.fetchFlowStart('flow-sequence-start');
      case 123: return this.fetchFlowStart('flow-mapping-start');
      case 93: return this.fetchFlowEnd('flow-sequence-end');
      case 125: return this.fetchFlowEnd('flow-mapping-end');
      case 44: return this.fetchFlowEntry();
      case 42: return this.fetchAnchor('alias');
      case 38: return this.fetchAnchor('anchor');
      case 33: return this.fetchTag();
      case 39: case 34: return this.fetchQuoted(code);
      default: return this.fetchByContext(code);
    }
  }

  /** The indicators whose meaning depends on what follows them or on the flow level, and plain scalars. */
  private fetchByContext(code: number): void {
    const blankFollows = isBlankOrEnd(this.code(1));
    if (code === 45 && blankFollows) return this.fetchBlockEntry();
    if (code === 63 && (this.flowLevel > 0 || blankFollows)) return this.fetchKey();
    if (code === 58 && (this.flowLevel > 0 || blankFollows)) return this.fetchValue();
    if ((code === 124 || code === 62) && this.flowLevel === 0) return this.fetchBlockScalar();
    const isIndicator = isBlankOrEnd(code) || '-?:#|>%@`'.includes(String.fromCharCode(code));
    if (!isIndicator || (code === 45 && !isBlank(this.code(1))) || (this.flowLevel === 0 && (code === 63 || code === 58) && !blankFollows)) {
      return this.fetchPlain();
    }
    this.fail('found character that cannot start any token');
  }

  private scanToNextToken(): void {
    for (;;) {
      let code = this.code();
      while (code === 32 || (code === 9 && (this.flowLevel > 0 || !this.simpleKeyAllowed))) {
        this.at += 1;
        code = this.code();
      }
      if (code === 35) {
        while (!isBreakOrEnd(this.code())) this.at += 1;
        code = this.code();
      }
      if (!isBreak(code)) return;
      this.skipLine();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  private documentIndicator(): 'document-start' | 'document-end' | undefined {
    if (!isBlankOrEnd(this.code(3))) return undefined;
    if (this.text.startsWith('---', this.at)) return 'document-start';
    return this.text.startsWith('...', this.at) ? 'document-end' : undefined;
  }

  private fetchStreamEnd(): void {
    if (this.column !== 0) {
      this.line += 1;
      this.lineStart = this.at;
    }
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push('stream-end', this.at, this.line);
  }

  private fetchDirective(): void {
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    const { at, line } = this;
    this.at += 1;
    const name = this.match(word);
    let end = this.at;
    while (!isBreakOrEnd(this.text.charCodeAt(end))) end += 1;
    const value = this.text.slice(this.at, end).replace(/(^|\s)#.*/, '').trim();
    if (name === 'YAML') {
      if (!/^\d+\.\d+$/.test(value)) this.fail('did not find expected digit or \'.\' character', line);
      this.push('version-directive', at, line, value);
    } else if (name === 'TAG') {
      this.push('tag-directive', at, line, value.split(/\s+/)[0] ?? '');
    } else {
      this.fail(name === '' ? 'could not find expected directive name' : 'found unknown directive name', line);
    }
    this.at = end;
    if (!isEnd(this.code())) this.skipLine();
  }

  private fetchDocumentIndicator(type: 'document-start' | 'document-end'): void {
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push(type, this.at, this.line);
    this.at += 3;
  }

  private fetchFlowStart(type: TokenType): void {
    this.saveSimpleKey();
    this.simpleKeys.push(noKey());
    this.flowLevel += 1;
    if (this.flowLevel > deepest) this.fail(`exceeded max depth of ${deepest}`);
    this.simpleKeyAllowed = true;
    this.push(type, this.at, this.line);
    this.at += 1;
  }

  private fetchFlowEnd(type: TokenType): void {
    this.removeSimpleKey();
    if (this.flowLevel > 0) {
      this.flowLevel -= 1;
      this.simpleKeys.pop();
    }
    this.simpleKeyAllowed = false;
    this.push(type, this.at, this.line);
    this.at += 1;
  }

  private fetchFlowEntry(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.push('flow-entry', this.at, this.line);
    this.at += 1;
  }

  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.fail('block sequence entries are not allowed in this context');
      this.rollIndent(this.column, -1, 'block-sequence-start', this.at, this.line);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.push('block-entry', this.at, this.line);
    this.at += 1;
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.fail('mapping keys are not allowed in this context');
      this.rollIndent(this.column, -1, 'block-mapping-start', this.at, this.line);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.push('key', this.at, this.line);
    this.at += 1;
  }

  private fetchValue(): void {
    const key = this.simpleKeys[this.simpleKeys.length - 1]!;
    if (this.isKeyValid(key)) {
      this.insert(key.tokenNumber, { type: 'key', offset: key.offset, line: key.line });
      this.rollIndent(key.column, key.tokenNumber, 'block-mapping-start', key.offset, key.line);
      key.possible = false;
      this.keysByToken.delete(key.tokenNumber);
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) this.fail('mapping values are not allowed in this context');
        this.rollIndent(this.column, -1, 'block-mapping-start', this.at, this.line);
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.push('value', this.at, this.line);
    this.at += 1;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private fetchAnchor(type: 'alias' | 'anchor'): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { at, line } = this;
    this.at += 1;
    const name = this.match(word);
    const next = this.code();
    if (name === '' || !(isBlankOrEnd(next) || '?:,]}%@`'.includes(String.fromCharCode(next)))) {
      this.fail('did not find expected alphabetic or numeric character', line);
    }
    this.push(type, at, line);
  }

  private fetchTag(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { at, line } = this;
    let handle = '';
    if (this.code(1) === 60) {
      this.at += 2;
      if (this.match(tagUri) === '') this.fail('did not find expected tag URI', line);
      if (this.code() !== 62) this.fail("did not find the expected '>'", line);
      this.at += 1;
    } else {
      this.at += 1;
      const name = this.match(word);
      if (this.code() === 33) {
        this.at += 1;
        handle = `!${name}!`;
        if (this.match(tagUri) === '') this.fail('did not find expected tag URI', line);
      } else {
        handle = '!';
        this.match(tagUri);
      }
    }
    if (!isBlankOrEnd(this.code())) this.fail('did not find expected whitespace or line break', line);
    this.push('tag', at, line, handle);
  }

  private fetchBlockScalar(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    const { at, line } = this;
    this.at += 1;
    let increment = 0;
    for (let step = 0; step < 2; step += 1) {
      const code = this.code();
      if (code === 43 || code === 45) this.at += 1;
      else if (code >= 48 && code <= 57) {
        if (code === 48) this.fail('found an indentation indicator equal to 0', line);
        increment = code - 48;
        this.at += 1;
      }
    }
    while (isBlank(this.code())) this.at += 1;
    if (this.code() === 35) while (!isBreakOrEnd(this.code())) this.at += 1;
    if (!isBreakOrEnd(this.code())) this.fail('did not find expected comment or line break', line);
    if (isBreak(this.code())) this.skipLine();
    let indent = increment === 0 ? 0 : Math.max(this.indent, 0) + increment;
    indent = this.skipBlockBreaks(indent, line);
    while (this.column === indent && !isEnd(this.code())) {
      while (!isBreakOrEnd(this.code())) this.at += 1;
      if (isBreak(this.code())) this.skipLine();
      indent = this.skipBlockBreaks(indent, line);
    }
    this.push('scalar', at, line);
  }

  private skipBlockBreaks(indent: number, startLine: number): number {
    let widest = 0;
    for (;;) {
      while ((indent === 0 || this.column < indent) && this.code() === 32) this.at += 1;
      widest = Math.max(widest, this.column);
      if ((indent === 0 || this.column < indent) && this.code() === 9) this.fail('found a tab character where an indentation space is expected', startLine);
      if (!isBreak(this.code())) break;
      this.skipLine();
    }
    return indent === 0 ? Math.max(widest, this.indent + 1, 1) : indent;
  }

  private fetchQuoted(quote: number): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { at, line } = this;
    this.at += 1;
    for (;;) {
      const code = this.code();
      if (this.column === 0 && this.documentIndicator() !== undefined) this.fail('found unexpected document indicator', line);
      if (isEnd(code)) this.fail('found unexpected end of stream', line);
      if (isBreak(code)) this.skipLine();
      else if (code === quote) {
        this.at += 1;
        if (quote === 34 || this.code() !== 39) break;
        this.at += 1;
      } else if (code === 92 && quote === 34) this.skipEscape(line);
      else this.at += 1;
    }
    this.push('scalar', at, line);
  }

  private skipEscape(startLine: number): void {
    const escaped = this.code(1);
    if (isBreak(escaped)) {
      this.at += 1;
      return this.skipLine();
    }
    const mark = String.fromCharCode(escaped);
    const digits = mark === 'x' ? 2 : mark === 'u' ? 4 : mark === 'U' ? 8 : 0;
    if (isEnd(escaped) || (digits === 0 && !'0abt\tnvfre "\'\\N_LP/'.includes(mark))) this.fail('found unknown escape character', startLine);
    this.at += 2;
    let value = 0;
    for (let digit = 0; digit < digits; digit += 1) {
      const hex = '0123456789abcdef'.indexOf(this.text.charAt(this.at + digit).toLowerCase() || '?');
      if (hex === -1) this.fail('did not find expected hexdecimal number', startLine);
      value = value * 16 + hex;
    }
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) this.fail('found invalid Unicode character escape code', startLine);
    this.at += digits;
  }

  private fetchPlain(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { at, line } = this;
    const indent = this.indent + 1;
    let leadingBlanks = false;
    for (;;) {
      if (this.column === 0 && this.documentIndicator() !== undefined) break;
      if (this.code() === 35) break;
      const before = this.at;
      this.skipPlainCharacters();
      if (this.at > before) leadingBlanks = false;
      let code = this.code();
      if (!isBlank(code) && !isBreak(code)) break;
      while (isBlank(code) || isBreak(code)) {
        if (isBreak(code)) {
          this.skipLine();
          leadingBlanks = true;
        } else {
          if (leadingBlanks && this.column < indent && code === 9) this.fail('found a tab character that violates indentation', line);
          this.at += 1;
        }
        code = this.code();
      }
      if (this.flowLevel === 0 && this.column < indent) break;
    }
    this.push('scalar', at, line);
    if (leadingBlanks) this.simpleKeyAllowed = true;
  }

  private skipPlainCharacters(): void {
    for (;;) {
      const code = this.code();
      if (isBlankOrEnd(code)) return;
      if (code === 58 && isBlankOrEnd(this.code(1))) return;
      if (this.flowLevel > 0 && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125)) return;
      this.at += 1;
    }
  }
}
