import { scanBlock, scanPlain, scanQuoted } from './scan-scalars.ts';
import { TextCursor, isBlank, isBlankOrEnd, isBreak, isEnd } from './text-cursor.ts';

/** The kinds of token of YAML, by libyaml's names. */
export type TokenType =
  | 'stream-start' | 'stream-end' | 'version-directive' | 'tag-directive' | 'document-start' | 'document-end'
  | 'block-sequence-start' | 'block-mapping-start' | 'block-end'
  | 'flow-sequence-start' | 'flow-sequence-end' | 'flow-mapping-start' | 'flow-mapping-end'
  | 'block-entry' | 'flow-entry' | 'key' | 'value' | 'alias' | 'anchor' | 'tag' | 'scalar';

/** A token with the offset and line (from zero) of its start. */
export interface Token {
  readonly type: TokenType;
  readonly offset: number;
  readonly line: number;
  /** The text of a scalar, the name of an anchor or alias, the suffix of a tag, the version or prefix of a directive. */
  readonly value: string;
  /** The handle of a tag or tag directive; `plain` for a scalar without quotes. */
  readonly handle: string;
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

/**
 * Cuts YAML into tokens exactly as libyaml does, so that text is accepted and refused as `kubectl` does, in the same words.
 * Models sigs.k8s.io/yaml goyaml.v2/scannerc.go: a key is noticed only at its colon, so candidates ("simple keys") are
 * remembered and their token is put in behind; indentation becomes start and end tokens.
 */
export class TokenScanner {
  private readonly cursor: TextCursor;
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
    this.cursor = new TextCursor(text);
  }

  /** The next token, left in the queue. */
  peek(): Token {
    for (;;) {
      if (this.head < this.tokens.length) {
        const key = this.keysByToken.get(this.parsed);
        if (key === undefined || !this.isKeyValid(key)) return this.tokens[this.head]!;
      }
      this.fetchNextToken();
    }
  }

  /** Takes the token that `peek` showed. */
  skip(): void {
    this.head += 1;
    this.parsed += 1;
    if (this.head === this.tokens.length) {
      this.tokens.length = 0;
      this.head = 0;
    }
  }

  private push(type: TokenType, value = '', handle = ''): void {
    this.tokens.push({ type, offset: this.cursor.at, line: this.cursor.line, value, handle });
  }

  private isKeyValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.cursor.line || key.offset + 1_024 < this.cursor.at) {
      if (key.required) this.cursor.fail("could not find expected ':'", key.line, key.offset);
      key.possible = false;
      return false;
    }
    return true;
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    const { at: offset, line, column } = this.cursor;
    this.removeSimpleKey();
    const required = this.flowLevel === 0 && this.indent === column;
    const key = { possible: true, required, tokenNumber: this.parsed + this.tokens.length - this.head, offset, line, column };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keysByToken.set(key.tokenNumber, key);
  }

  private removeSimpleKey(): void {
    const key = this.simpleKeys[this.simpleKeys.length - 1]!;
    if (!key.possible) return;
    if (key.required) this.cursor.fail("could not find expected ':'", key.line, key.offset);
    key.possible = false;
    this.keysByToken.delete(key.tokenNumber);
  }

  /** Opens a block collection when the column lies deeper than the current one; `key` puts its token before that key's. */
  private rollIndent(type: 'block-sequence-start' | 'block-mapping-start', key?: SimpleKey): void {
    const column = key?.column ?? this.cursor.column;
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > deepest) this.cursor.fail(`exceeded max depth of ${deepest}`);
    if (key === undefined) this.push(type);
    else this.insert(key, type);
  }

  private insert(key: SimpleKey, type: TokenType): void {
    this.tokens.splice(this.head + key.tokenNumber - this.parsed, 0, { type, offset: key.offset, line: key.line, value: '', handle: '' });
  }

  private unrollIndent(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push('block-end');
      this.indent = this.indents.pop()!;
    }
  }

  private fetchNextToken(): void {
    if (!this.started) {
      this.started = true;
      return this.push('stream-start');
    }
    this.scanToNextToken();
    this.unrollIndent(this.cursor.column);
    const code = this.cursor.code();
    if (isEnd(code)) return this.fetchStreamEnd();
    if (this.cursor.column === 0) {
      if (code === 37) return this.fetchDirective();
      const indicator = this.cursor.documentIndicator();
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
      case 39: case 34: return this.fetchQuoted();
      default: return this.fetchByContext(code);
    }
  }

  /** The indicators whose meaning depends on what follows them or on the flow level, and plain scalars. */
  private fetchByContext(code: number): void {
    const next = this.cursor.code(1);
    const blankFollows = isBlankOrEnd(next);
    const inFlow = this.flowLevel > 0;
    if (code === 45 && blankFollows) return this.fetchBlockEntry();
    if (code === 63 && (inFlow || blankFollows)) return this.fetchKey();
    if (code === 58 && (inFlow || blankFollows)) return this.fetchValue();
    if ((code === 124 || code === 62) && !inFlow) return this.fetchBlockScalar();
    const isIndicator = isBlankOrEnd(code) || '-?:#|>%@`'.includes(String.fromCharCode(code));
    if (!isIndicator || (code === 45 && !isBlank(next)) || (!inFlow && (code === 63 || code === 58) && !blankFollows)) return this.fetchPlain();
    this.cursor.fail('found character that cannot start any token');
  }

  private scanToNextToken(): void {
    const { cursor } = this;
    for (;;) {
      let code = cursor.code();
      while (code === 32 || (code === 9 && (this.flowLevel > 0 || !this.simpleKeyAllowed))) {
        cursor.at += 1;
        code = cursor.code();
      }
      if (code === 35) cursor.skipToBreak();
      if (!isBreak(cursor.code())) return;
      cursor.skipLine();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  private endBlocks(): void {
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
  }

  private fetchStreamEnd(): void {
    if (this.cursor.column !== 0) this.cursor.startLine();
    this.endBlocks();
    this.push('stream-end');
  }

  private fetchDirective(): void {
    this.endBlocks();
    const { cursor } = this;
    const { at: offset, line } = cursor;
    cursor.at += 1;
    const name = cursor.match(word);
    if (name === '') cursor.fail('could not find expected directive name', line);
    if (!isBlankOrEnd(cursor.code())) cursor.fail('found unexpected non-alphabetical character', line);
    const from = cursor.at;
    cursor.skipToBreak();
    const value = cursor.text.slice(from, cursor.at).replace(/(^|\s)#.*/, '').trim();
    if (name === 'YAML') {
      if (!/^\d+\.\d+$/.test(value)) cursor.fail("did not find expected digit or '.' character", line);
      this.tokens.push({ type: 'version-directive', offset, line, value, handle: '' });
    } else if (name === 'TAG') {
      const [handle = '', prefix = ''] = value.split(/\s+/);
      this.tokens.push({ type: 'tag-directive', offset, line, value: prefix, handle });
    } else {
      cursor.fail('found unknown directive name', line);
    }
    if (!isEnd(cursor.code())) cursor.skipLine();
  }

  private fetchDocumentIndicator(type: 'document-start' | 'document-end'): void {
    this.endBlocks();
    this.push(type);
    this.cursor.at += 3;
  }

  private fetchFlowStart(type: TokenType): void {
    this.saveSimpleKey();
    this.simpleKeys.push(noKey());
    this.flowLevel += 1;
    if (this.flowLevel > deepest) this.cursor.fail(`exceeded max depth of ${deepest}`);
    this.simpleKeyAllowed = true;
    this.push(type);
    this.cursor.at += 1;
  }

  private fetchFlowEnd(type: TokenType): void {
    this.removeSimpleKey();
    if (this.flowLevel > 0) {
      this.flowLevel -= 1;
      this.simpleKeys.pop();
    }
    this.simpleKeyAllowed = false;
    this.push(type);
    this.cursor.at += 1;
  }

  private fetchFlowEntry(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.push('flow-entry');
    this.cursor.at += 1;
  }

  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.cursor.fail('block sequence entries are not allowed in this context');
      this.rollIndent('block-sequence-start');
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.push('block-entry');
    this.cursor.at += 1;
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.cursor.fail('mapping keys are not allowed in this context');
      this.rollIndent('block-mapping-start');
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.push('key');
    this.cursor.at += 1;
  }

  private fetchValue(): void {
    const key = this.simpleKeys[this.simpleKeys.length - 1]!;
    if (this.isKeyValid(key)) {
      this.insert(key, 'key');
      this.rollIndent('block-mapping-start', key);
      key.possible = false;
      this.keysByToken.delete(key.tokenNumber);
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) this.cursor.fail('mapping values are not allowed in this context');
        this.rollIndent('block-mapping-start');
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.push('value');
    this.cursor.at += 1;
  }

  private fetchAnchor(type: 'alias' | 'anchor'): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { cursor } = this;
    const { at: offset, line } = cursor;
    cursor.at += 1;
    const value = cursor.match(word);
    const next = cursor.code();
    if (value === '' || !(isBlankOrEnd(next) || '?:,]}%@`'.includes(String.fromCharCode(next)))) {
      cursor.fail('did not find expected alphabetic or numeric character', line);
    }
    this.tokens.push({ type, offset, line, value, handle: '' });
  }

  private fetchTag(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { cursor } = this;
    const { at: offset, line } = cursor;
    let handle = '';
    let value = '';
    if (cursor.code(1) === 60) {
      cursor.at += 2;
      value = cursor.match(tagUri);
      if (value === '') cursor.fail('did not find expected tag URI', line);
      if (cursor.code() !== 62) cursor.fail("did not find the expected '>'", line);
      cursor.at += 1;
    } else {
      cursor.at += 1;
      value = cursor.match(word);
      handle = '!';
      if (cursor.code() === 33) {
        cursor.at += 1;
        handle = `!${value}!`;
        value = cursor.match(tagUri);
        if (value === '') cursor.fail('did not find expected tag URI', line);
      } else {
        value += cursor.match(tagUri);
      }
    }
    if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break', line);
    this.tokens.push({ type: 'tag', offset, line, value, handle });
  }

  private fetchBlockScalar(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    const { at: offset, line } = this.cursor;
    this.tokens.push({ type: 'scalar', offset, line, value: scanBlock(this.cursor, this.indent), handle: '' });
  }

  private fetchQuoted(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { at: offset, line } = this.cursor;
    this.tokens.push({ type: 'scalar', offset, line, value: scanQuoted(this.cursor), handle: '' });
  }

  private fetchPlain(): void {
    this.saveSimpleKey();
    const { at: offset, line } = this.cursor;
    const { value, endedOnNewLine } = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0);
    this.tokens.push({ type: 'scalar', offset, line, value, handle: 'plain' });
    this.simpleKeyAllowed = endedOnNewLine;
  }
}
