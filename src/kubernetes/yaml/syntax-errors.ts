import { SyntaxScanner, YamlSyntaxError } from './syntax-scanner.ts';
import type { Token, TokenType } from './syntax-scanner.ts';

/** A syntax error in goyaml's words, with the place of the text it is about. */
export interface SyntaxProblem {
  readonly message: string;
  readonly offset: number;
}

const forbidden = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Finds the first syntax error of one document, or undefined where goyaml would read it. */
export function findSyntaxError(text: string): SyntaxProblem | undefined {
  const bad = forbidden.exec(text);
  if (bad !== null) return { message: 'yaml: control characters are not allowed', offset: bad.index };
  try {
    new Grammar(text).checkDocument();
    return undefined;
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    const where = error.shownLine === 0 ? '' : `line ${error.shownLine}: `;
    return { message: `yaml: ${where}${error.message}`, offset: Math.min(error.offset, text.length) };
  }
}

type State =
  | 'document-end' | 'block-node' | 'block-sequence-entry' | 'indentless-sequence-entry' | 'block-mapping-key' | 'block-mapping-value'
  | 'flow-sequence-first-entry' | 'flow-sequence-entry' | 'flow-pair-key' | 'flow-pair-value' | 'flow-pair-end'
  | 'flow-mapping-first-key' | 'flow-mapping-key' | 'flow-mapping-value' | 'flow-mapping-empty-value';

/**
 * Walks the grammar over the tokens of one document and keeps nothing.
 * Models sigs.k8s.io/yaml goyaml.v2/parserc.go, states and messages, and decode.go: parser.fail for the line number, which
 * for errors of the grammar is one less than the line itself (goyaml prints a line counted from zero there).
 */
class Grammar {
  private readonly scanner: SyntaxScanner;
  private readonly states: State[] = [];
  private state: State = 'block-node';
  private readonly handles = new Set(['!', '!!', '']);

  constructor(text: string) {
    this.scanner = new SyntaxScanner(text);
  }

  checkDocument(): void {
    this.scanner.peek();
    this.scanner.skip();
    if (!this.startDocument()) return;
    while (this.state !== 'document-end') this.step();
    this.scanner.peek();
  }

  private fail(problem: string, token: Token, contextLine = 0): never {
    throw new YamlSyntaxError(problem, token.offset, token.line !== 0 ? token.line : contextLine);
  }

  private startDocument(): boolean {
    let token = this.scanner.peek();
    if (token.type === 'stream-end') return false;
    this.states.push('document-end');
    if (token.type !== 'version-directive' && token.type !== 'tag-directive' && token.type !== 'document-start') return true;
    while (token.type === 'version-directive' || token.type === 'tag-directive') {
      if (token.type === 'tag-directive') this.handles.add(token.handle ?? '');
      else if (token.handle !== '1.1') this.fail('found incompatible YAML document', token);
      this.scanner.skip();
      token = this.scanner.peek();
    }
    if (token.type !== 'document-start') this.fail('did not find expected <document start>', token);
    this.scanner.skip();
    token = this.scanner.peek();
    if (this.is(token, 'version-directive', 'tag-directive', 'document-start', 'document-end', 'stream-end')) this.pop();
    return true;
  }

  private is(token: Token, ...types: readonly TokenType[]): boolean {
    return types.includes(token.type);
  }

  private pop(): void {
    this.state = this.states.pop()!;
  }

  private skipAndPeek(): Token {
    this.scanner.skip();
    return this.scanner.peek();
  }

  private nodeThen(next: State, block: boolean, indentless: boolean): void {
    this.states.push(next);
    this.node(block, indentless);
  }

  private step(): void {
    switch (this.state) {
      case 'block-node': return this.node(true, false);
      case 'block-sequence-entry': return this.blockSequenceEntry();
      case 'indentless-sequence-entry': return this.indentlessSequenceEntry();
      case 'block-mapping-key': return this.blockMappingKey();
      case 'block-mapping-value': return this.blockMappingValue();
      case 'flow-sequence-first-entry': return this.flowSequenceEntry(true);
      case 'flow-sequence-entry': return this.flowSequenceEntry(false);
      case 'flow-pair-key': return this.flowPairKey();
      case 'flow-pair-value': return this.flowPairValue();
      case 'flow-pair-end': this.state = 'flow-sequence-entry'; return;
      case 'flow-mapping-first-key': return this.flowMappingKey(true);
      case 'flow-mapping-key': return this.flowMappingKey(false);
      case 'flow-mapping-value': return this.flowMappingValue();
      case 'flow-mapping-empty-value': this.state = 'flow-mapping-key'; return;
      case 'document-end': return;
    }
  }

  private node(block: boolean, indentless: boolean): void {
    let token = this.scanner.peek();
    if (token.type === 'alias') {
      this.pop();
      return this.scanner.skip();
    }
    const start = token;
    const [first, second] = token.type === 'anchor' ? ['anchor', 'tag'] : ['tag', 'anchor'];
    for (const type of [first, second]) {
      if (token.type !== type) continue;
      if (type === 'tag' && !this.handles.has(token.handle ?? '')) this.fail('found undefined tag handle', token, start.line);
      token = this.skipAndPeek();
    }
    if (indentless && token.type === 'block-entry') { this.state = 'indentless-sequence-entry'; return; }
    if (token.type === 'scalar') {
      this.pop();
      return this.scanner.skip();
    }
    if (token.type === 'flow-sequence-start') this.state = 'flow-sequence-first-entry';
    else if (token.type === 'flow-mapping-start') this.state = 'flow-mapping-first-key';
    else if (block && token.type === 'block-sequence-start') this.state = 'block-sequence-entry';
    else if (block && token.type === 'block-mapping-start') this.state = 'block-mapping-key';
    else if (token !== start) return this.pop();
    else this.fail('did not find expected node content', token, start.line);
    this.scanner.skip();
  }

  private blockSequenceEntry(): void {
    let token = this.scanner.peek();
    if (token.type === 'block-entry') {
      token = this.skipAndPeek();
      if (!this.is(token, 'block-entry', 'block-end')) this.nodeThen('block-sequence-entry', true, false);
      return;
    }
    if (token.type !== 'block-end') this.fail("did not find expected '-' indicator", token);
    this.pop();
    this.scanner.skip();
  }

  private indentlessSequenceEntry(): void {
    if (this.scanner.peek().type !== 'block-entry') return this.pop();
    const token = this.skipAndPeek();
    if (!this.is(token, 'block-entry', 'key', 'value', 'block-end')) this.nodeThen('indentless-sequence-entry', true, false);
  }

  private blockMappingKey(): void {
    let token = this.scanner.peek();
    if (token.type === 'key') {
      token = this.skipAndPeek();
      if (this.is(token, 'key', 'value', 'block-end')) this.state = 'block-mapping-value';
      else this.nodeThen('block-mapping-value', true, true);
      return;
    }
    if (token.type !== 'block-end') this.fail('did not find expected key', token);
    this.pop();
    this.scanner.skip();
  }

  private blockMappingValue(): void {
    this.state = 'block-mapping-key';
    if (this.scanner.peek().type !== 'value') return;
    const token = this.skipAndPeek();
    if (!this.is(token, 'key', 'value', 'block-end')) this.nodeThen('block-mapping-key', true, true);
  }

  private flowSequenceEntry(first: boolean): void {
    let token = this.scanner.peek();
    if (token.type !== 'flow-sequence-end' && !first) {
      if (token.type !== 'flow-entry') this.fail("did not find expected ',' or ']'", token);
      token = this.skipAndPeek();
    }
    if (token.type === 'flow-sequence-end') {
      this.pop();
      return this.scanner.skip();
    }
    if (token.type !== 'key') return this.nodeThen('flow-sequence-entry', false, false);
    this.state = 'flow-pair-key';
    this.scanner.skip();
  }

  private flowPairKey(): void {
    const token = this.scanner.peek();
    if (!this.is(token, 'value', 'flow-entry', 'flow-sequence-end')) return this.nodeThen('flow-pair-value', false, false);
    this.scanner.skip();
    this.state = 'flow-pair-value';
  }

  private flowPairValue(): void {
    this.state = 'flow-pair-end';
    if (this.scanner.peek().type !== 'value') return;
    const token = this.skipAndPeek();
    if (!this.is(token, 'flow-entry', 'flow-sequence-end')) this.nodeThen('flow-pair-end', false, false);
  }

  private flowMappingKey(first: boolean): void {
    let token = this.scanner.peek();
    if (token.type !== 'flow-mapping-end' && !first) {
      if (token.type !== 'flow-entry') this.fail("did not find expected ',' or '}'", token);
      token = this.skipAndPeek();
    }
    if (token.type === 'flow-mapping-end') {
      this.pop();
      return this.scanner.skip();
    }
    if (token.type !== 'key') return this.nodeThen('flow-mapping-empty-value', false, false);
    token = this.skipAndPeek();
    if (this.is(token, 'value', 'flow-entry', 'flow-mapping-end')) this.state = 'flow-mapping-value';
    else this.nodeThen('flow-mapping-value', false, false);
  }

  private flowMappingValue(): void {
    this.state = 'flow-mapping-key';
    if (this.scanner.peek().type !== 'value') return;
    const token = this.skipAndPeek();
    if (!this.is(token, 'flow-entry', 'flow-mapping-end')) this.nodeThen('flow-mapping-key', false, false);
  }
}
