import { TokenScanner } from './token-scanner.ts';
import type { Token, TokenType } from './token-scanner.ts';
import { YamlSyntaxError } from './text-cursor.ts';

/** A scalar with its text; `implicit` means that its type is guessed from the text. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly offset: number;
  readonly value: string;
  readonly implicit: boolean;
  readonly tag: string;
}
/** A map as keys and values by turns, in the order written. */
export interface MappingNode {
  readonly kind: 'mapping';
  readonly offset: number;
  readonly children: YamlNode[];
}
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly offset: number;
  readonly children: YamlNode[];
}
/** A reference to an earlier node. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly offset: number;
  readonly name: string;
  readonly target: YamlNode;
}
export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode;

/** A syntax error in goyaml's words, with the place of the text it is about. */
export interface SyntaxProblem {
  readonly message: string;
  readonly offset: number;
}

/** The prefix that `!!` stands for. */
export const coreTag = 'tag:yaml.org,2002:';

const forbidden = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Reads the first document of a text into nodes; what follows it is ignored, as goyaml.v2 does, and an empty text is no node.
 */
export function composeDocument(text: string): { root: YamlNode | undefined; problem?: SyntaxProblem } {
  const bad = forbidden.exec(text);
  if (bad !== null) return { root: undefined, problem: { message: 'yaml: control characters are not allowed', offset: bad.index } };
  try {
    return { root: new Composer(text).compose() };
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    const where = error.shownLine === 0 ? '' : `line ${error.shownLine}: `;
    return { root: undefined, problem: { message: `yaml: ${where}${error.message}`, offset: Math.min(error.offset, text.length) } };
  }
}

type State =
  | 'document-end' | 'block-node' | 'block-sequence-entry' | 'indentless-sequence-entry' | 'block-mapping-key' | 'block-mapping-value'
  | 'flow-sequence-first-entry' | 'flow-sequence-entry' | 'flow-pair-key' | 'flow-pair-value' | 'flow-pair-end'
  | 'flow-mapping-first-key' | 'flow-mapping-key' | 'flow-mapping-value' | 'flow-mapping-empty-value';

interface Properties {
  readonly offset: number;
  readonly anchor: string | undefined;
  readonly tag: string;
}

/**
 * The grammar over the tokens of one document: a stack of states, so that deep nesting costs no call stack.
 * Models sigs.k8s.io/yaml goyaml.v2/parserc.go, states and messages, and decode.go: parser.fail for the line number, which
 * for errors of the grammar is one less than the line itself (goyaml prints a line counted from zero there).
 */
class Composer {
  private readonly scanner: TokenScanner;
  private readonly states: State[] = [];
  private state: State = 'block-node';
  private readonly handles = new Map([['!', '!'], ['!!', coreTag]]);
  private readonly anchors = new Map<string, YamlNode>();
  private readonly open: (MappingNode | SequenceNode)[] = [];
  private root: YamlNode | undefined;

  constructor(text: string) {
    this.scanner = new TokenScanner(text);
  }

  compose(): YamlNode | undefined {
    this.skipAndPeek();
    if (!this.startDocument()) return undefined;
    while (this.state !== 'document-end') this.step();
    this.scanner.peek();
    return this.root;
  }

  private fail(problem: string, token: Token, contextLine = 0): never {
    throw new YamlSyntaxError(problem, token.offset, token.line !== 0 ? token.line : contextLine);
  }

  private startDocument(): boolean {
    let token = this.scanner.peek();
    if (token.type === 'stream-end') return false;
    this.states.push('document-end');
    if (!this.is(token, 'version-directive', 'tag-directive', 'document-start')) return true;
    while (token.type === 'version-directive' || token.type === 'tag-directive') {
      if (token.type === 'tag-directive') this.handles.set(token.handle, token.value);
      else if (token.value !== '1.1') this.fail('found incompatible YAML document', token);
      token = this.skipAndPeek();
    }
    if (token.type !== 'document-start') this.fail('did not find expected <document start>', token);
    token = this.skipAndPeek();
    if (this.is(token, 'version-directive', 'tag-directive', 'document-start', 'document-end', 'stream-end')) {
      this.pop();
      this.addEmpty(token.offset);
    }
    return true;
  }

  private is(token: Token, ...types: readonly TokenType[]): boolean {
    return types.includes(token.type);
  }

  private pop(): void {
    this.state = this.states.pop()!;
  }

  private skipAndPeek(): Token {
    this.scanner.peek();
    this.scanner.skip();
    return this.scanner.peek();
  }

  private add(node: YamlNode, anchor?: string): void {
    if (anchor !== undefined) this.anchors.set(anchor, node);
    const parent = this.open[this.open.length - 1];
    if (parent === undefined) this.root ??= node;
    else parent.children.push(node);
  }

  private addEmpty(offset: number): void {
    this.add({ kind: 'scalar', offset, value: '', implicit: true, tag: '' });
  }

  private start(kind: 'mapping' | 'sequence', properties: { readonly offset: number; readonly anchor?: string | undefined }): void {
    const node: MappingNode | SequenceNode = { kind, offset: properties.offset, children: [] };
    this.add(node, properties.anchor);
    this.open.push(node);
  }

  private end(): void {
    this.open.pop();
    this.pop();
  }

  /** Reads a node and goes on in `next`, or, where the next token is one of `stops`, notes an empty node and goes there at once. */
  private nodeOrEmpty(token: Token, next: State, block: boolean, indentless: boolean, ...stops: readonly TokenType[]): void {
    if (this.is(token, ...stops)) {
      this.state = next;
      this.addEmpty(token.offset);
      return;
    }
    this.states.push(next);
    this.node(block, indentless);
  }

  private step(): void {
    switch (this.state) {
      case 'block-node': return this.node(true, false);
      case 'block-sequence-entry': return this.blockSequenceEntry();
      case 'indentless-sequence-entry': return this.indentlessSequenceEntry();
      case 'block-mapping-key': return this.blockMappingKey();
      case 'block-mapping-value': return this.mappingValue('block-mapping-key', true, 'key', 'value', 'block-end');
      case 'flow-sequence-first-entry': return this.flowSequenceEntry(true);
      case 'flow-sequence-entry': return this.flowSequenceEntry(false);
      case 'flow-pair-key': return this.flowPairKey();
      case 'flow-pair-value': return this.mappingValue('flow-pair-end', false, 'flow-entry', 'flow-sequence-end');
      case 'flow-pair-end':
        this.open.pop();
        this.state = 'flow-sequence-entry';
        return;
      case 'flow-mapping-first-key': return this.flowMappingKey(true);
      case 'flow-mapping-key': return this.flowMappingKey(false);
      case 'flow-mapping-value': return this.mappingValue('flow-mapping-key', false, 'flow-entry', 'flow-mapping-end');
      case 'flow-mapping-empty-value':
        this.addEmpty(this.scanner.peek().offset);
        this.state = 'flow-mapping-key';
        return;
      case 'document-end': return;
    }
  }

  /** The tag and anchor before a node, in either order. */
  private properties(start: Token): Properties {
    let anchor: string | undefined;
    let tag = '';
    let token = start;
    const order = start.type === 'anchor' ? ['anchor', 'tag'] : ['tag', 'anchor'];
    for (const type of order) {
      if (token.type !== type) continue;
      if (type === 'anchor') {
        anchor = token.value;
      } else {
        const prefix = token.handle === '' ? '' : this.handles.get(token.handle);
        if (prefix === undefined) this.fail('found undefined tag handle', token, start.line);
        tag = prefix + token.value;
      }
      token = this.skipAndPeek();
    }
    return { offset: start.offset, anchor, tag };
  }

  private node(block: boolean, indentless: boolean): void {
    const start = this.scanner.peek();
    if (start.type === 'alias') {
      const target = this.anchors.get(start.value);
      if (target === undefined) throw new YamlSyntaxError(`unknown anchor '${start.value}' referenced`, start.offset, 0);
      this.add({ kind: 'alias', offset: start.offset, name: start.value, target });
      this.pop();
      return this.scanner.skip();
    }
    const properties = this.properties(start);
    const token = this.scanner.peek();
    if (indentless && token.type === 'block-entry') {
      this.start('sequence', properties);
      this.state = 'indentless-sequence-entry';
      return;
    }
    if (token.type === 'scalar') {
      const untagged = properties.tag === '' || properties.tag === '!';
      const implicit = properties.tag === '!' || (untagged && token.handle === 'plain');
      this.add({ kind: 'scalar', offset: properties.offset, value: token.value, implicit, tag: untagged ? '' : properties.tag }, properties.anchor);
      this.pop();
      return this.scanner.skip();
    }
    const next = collectionState(token.type, block);
    if (next !== undefined) {
      this.start(next.startsWith('flow-mapping') || next.startsWith('block-mapping') ? 'mapping' : 'sequence', properties);
      this.state = next;
      return this.scanner.skip();
    }
    if (token === start) this.fail('did not find expected node content', token, start.line);
    this.add({ kind: 'scalar', offset: properties.offset, value: '', implicit: properties.tag === '', tag: properties.tag }, properties.anchor);
    this.pop();
  }

  private blockSequenceEntry(): void {
    const token = this.scanner.peek();
    if (token.type === 'block-entry') return this.nodeOrEmpty(this.skipAndPeek(), 'block-sequence-entry', true, false, 'block-entry', 'block-end');
    if (token.type !== 'block-end') this.fail("did not find expected '-' indicator", token);
    this.end();
    this.scanner.skip();
  }

  private indentlessSequenceEntry(): void {
    if (this.scanner.peek().type !== 'block-entry') return this.end();
    this.nodeOrEmpty(this.skipAndPeek(), 'indentless-sequence-entry', true, false, 'block-entry', 'key', 'value', 'block-end');
  }

  private blockMappingKey(): void {
    const token = this.scanner.peek();
    if (token.type === 'key') return this.nodeOrEmpty(this.skipAndPeek(), 'block-mapping-value', true, true, 'key', 'value', 'block-end');
    if (token.type !== 'block-end') this.fail('did not find expected key', token);
    this.end();
    this.scanner.skip();
  }

  private mappingValue(next: State, block: boolean, ...stops: readonly TokenType[]): void {
    const token = this.scanner.peek();
    if (token.type === 'value') return this.nodeOrEmpty(this.skipAndPeek(), next, block, block, ...stops);
    this.state = next;
    this.addEmpty(token.offset);
  }

  private flowSequenceEntry(first: boolean): void {
    let token = this.scanner.peek();
    if (token.type !== 'flow-sequence-end' && !first) {
      if (token.type !== 'flow-entry') this.fail("did not find expected ',' or ']'", token);
      token = this.skipAndPeek();
    }
    if (token.type === 'flow-sequence-end') {
      this.end();
      return this.scanner.skip();
    }
    if (token.type !== 'key') return this.nodeOrEmpty(token, 'flow-sequence-entry', false, false);
    this.start('mapping', token);
    this.state = 'flow-pair-key';
    this.scanner.skip();
  }

  private flowPairKey(): void {
    const token = this.scanner.peek();
    if (!this.is(token, 'value', 'flow-entry', 'flow-sequence-end')) return this.nodeOrEmpty(token, 'flow-pair-value', false, false);
    // libyaml takes this token too, and so reads `[?: a]` as it does; kept for the same answers.
    this.scanner.skip();
    this.addEmpty(token.offset);
    this.state = 'flow-pair-value';
  }

  private flowMappingKey(first: boolean): void {
    let token = this.scanner.peek();
    if (token.type !== 'flow-mapping-end' && !first) {
      if (token.type !== 'flow-entry') this.fail("did not find expected ',' or '}'", token);
      token = this.skipAndPeek();
    }
    if (token.type === 'flow-mapping-end') {
      this.end();
      return this.scanner.skip();
    }
    if (token.type !== 'key') return this.nodeOrEmpty(token, 'flow-mapping-empty-value', false, false);
    this.nodeOrEmpty(this.skipAndPeek(), 'flow-mapping-value', false, false, 'value', 'flow-entry', 'flow-mapping-end');
  }
}

function collectionState(type: TokenType, block: boolean): State | undefined {
  if (type === 'flow-sequence-start') return 'flow-sequence-first-entry';
  if (type === 'flow-mapping-start') return 'flow-mapping-first-key';
  if (block && type === 'block-sequence-start') return 'block-sequence-entry';
  return block && type === 'block-mapping-start' ? 'block-mapping-key' : undefined;
}
