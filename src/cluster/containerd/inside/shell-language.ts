/** The part of the POSIX shell that a modelled container understands, read into a tree: lists, pipes, redirections, variables, `$(…)`, `for`, `while`, `if`, groups. */

export type Part =
  | { readonly text: string; readonly quoted: boolean }
  | { readonly name: string; readonly quoted: boolean; readonly otherwise?: string }
  | { readonly script: Script; readonly quoted: boolean };
export type Word = readonly Part[];
export interface Redirect { readonly fd: 0 | 1 | 2; readonly how: '<' | '>' | '>>' | '&'; readonly to: Word }
export type Stage =
  | { readonly kind: 'simple'; readonly assigns: readonly (readonly [string, Word])[]; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'for'; readonly name: string; readonly over: readonly Word[]; readonly body: Script; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'while' | 'until'; readonly condition: Script; readonly body: Script; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'if'; readonly branches: readonly { readonly condition: Script; readonly body: Script }[]; readonly otherwise: Script; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'group'; readonly body: Script; readonly redirects: readonly Redirect[] };
export interface Statement { readonly stages: readonly Stage[]; readonly not: boolean; readonly after: ';' | '&&' | '||' }
export type Script = readonly Statement[];

/** What the shell says and ends with 2. */
export class SyntaxRefusal extends Error {}

const reserved = new Set(['then', 'do', 'done', 'fi', 'else', 'elif', '}', ')']);
const notModelled = new Set(['case', 'function', 'select']);

class Reader {
  private at = 0;
  private readonly text: string;
  constructor(text: string) { this.text = text; }

  script(ends: ReadonlySet<string>): Script {
    const statements: Statement[] = [];
    let after: Statement['after'] = ';';
    for (;;) {
      this.blanks(true);
      const word = this.peekWord();
      if (this.at >= this.text.length || ends.has(word)) return statements;
      if (reserved.has(word)) throw new SyntaxRefusal(`syntax error: unexpected "${word}"`);
      statements.push(this.statement(after));
      after = ';';
      this.blanks();
      if (this.eat('&&')) after = '&&';
      else if (this.eat('||')) after = '||';
      else if (this.text[this.at] === '&') throw new SyntaxRefusal('syntax error: "&": nothing runs in the background in this model');
      else if (this.eat(';') || this.eat('\n')) after = ';';
      else if (this.at < this.text.length && !ends.has(this.peekWord())) throw new SyntaxRefusal(`syntax error: unexpected "${this.text[this.at]}"`);
    }
  }

  private statement(after: Statement['after']): Statement {
    let not = false;
    if (this.peekWord() === '!') { this.at += 1; this.blanks(); not = true; }
    const stages = [this.stage()];
    for (this.blanks(); this.text[this.at] === '|' && this.text[this.at + 1] !== '|'; this.blanks()) {
      this.at += 1;
      this.blanks(true);
      stages.push(this.stage());
    }
    return { stages, not, after };
  }

  private stage(): Stage {
    const word = this.peekWord();
    if (notModelled.has(word)) throw new SyntaxRefusal(`syntax error: "${word}" is not known to this model's shell`);
    if (word === 'for') return this.loop();
    if (word === 'while' || word === 'until') {
      this.take(word);
      const condition = this.script(new Set(['do']));
      return { kind: word, condition, body: this.block('do', 'done'), redirects: this.redirects() };
    }
    if (word === 'if') return this.branch();
    if (word === '{') return { kind: 'group', body: this.block('{', '}'), redirects: this.redirects() };
    if (word === '(') return { kind: 'group', body: this.block('(', ')'), redirects: this.redirects() };
    return this.simple();
  }

  private loop(): Stage {
    this.take('for');
    this.blanks();
    const name = this.peekWord();
    this.take(name);
    this.blanks();
    this.take('in');
    const over: Word[] = [];
    for (this.blanks(); this.at < this.text.length && !';\n'.includes(this.text[this.at]!); this.blanks()) over.push(this.word());
    this.at += 1;
    this.blanks(true);
    return { kind: 'for', name, over, body: this.block('do', 'done'), redirects: this.redirects() };
  }

  private branch(): Stage {
    const branches: { condition: Script; body: Script }[] = [];
    const ends = new Set(['elif', 'else', 'fi']);
    let otherwise: Script = [];
    for (let word = 'if'; word === 'if' || word === 'elif'; word = this.peekWord()) {
      this.take(word);
      const condition = this.script(new Set(['then']));
      this.take('then');
      branches.push({ condition, body: this.script(ends) });
    }
    if (this.peekWord() === 'else') {
      this.take('else');
      otherwise = this.script(new Set(['fi']));
    }
    this.take('fi');
    return { kind: 'if', branches, otherwise, redirects: this.redirects() };
  }

  private block(open: string, close: string): Script {
    this.take(open);
    const body = this.script(new Set([close]));
    this.take(close);
    return body;
  }

  private redirects(): readonly Redirect[] {
    const found: Redirect[] = [];
    for (this.blanks(); ; this.blanks()) {
      const redirect = this.redirect();
      if (redirect === undefined) return found;
      found.push(...redirect);
    }
  }

  private redirect(): readonly Redirect[] | undefined {
    const match = /^(?:(&>)|([012]?)(>>|>&|>|<))/.exec(this.text.slice(this.at, this.at + 4));
    if (match === null) return undefined;
    if (this.text.startsWith('<<', this.at)) throw new SyntaxRefusal('syntax error: "<<" is not known to this model\'s shell');
    this.at += match[0].length;
    this.blanks();
    const to = this.word();
    if (match[1] !== undefined) return [{ fd: 1, how: '>', to }, { fd: 2, how: '&', to: [{ text: '1', quoted: true }] }];
    const how = match[3] === '>&' ? '&' : match[3] as Redirect['how'];
    return [{ fd: (match[2] === '' ? (how === '<' ? 0 : 1) : Number(match[2])) as Redirect['fd'], how, to }];
  }

  private simple(): Stage {
    const assigns: [string, Word][] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (this.blanks(); this.at < this.text.length && !';\n|&)'.includes(this.text[this.at]!) || this.text.startsWith('&>', this.at); this.blanks()) {
      const redirect = this.redirect();
      if (redirect !== undefined) { redirects.push(...redirect); continue; }
      const assign = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.text.slice(this.at, this.at + 200)) : null;
      if (assign === null) words.push(this.word());
      else {
        this.at += assign[0].length;
        assigns.push([assign[1]!, /[\s;|&]/.test(this.text[this.at] ?? ' ') ? [] : this.word()]);
      }
    }
    return { kind: 'simple', assigns, words, redirects };
  }

  private word(): Word {
    const parts: Part[] = [];
    const start = this.at;
    while (this.at < this.text.length && !/[\s;|&<>()]/.test(this.text[this.at]!)) {
      const char = this.text[this.at]!;
      if (char === '\'') {
        const close = this.text.indexOf('\'', this.at + 1);
        if (close < 0) throw new SyntaxRefusal('syntax error: unterminated quoted string');
        parts.push({ text: this.text.slice(this.at + 1, close), quoted: true });
        this.at = close + 1;
      } else if (char === '"') { this.at += 1; this.quoted(parts); } else if (char === '\\') { parts.push({ text: this.text[this.at + 1] === '\n' ? '' : this.text[this.at + 1] ?? '', quoted: true }); this.at += 2; } else if (char === '$' || char === '`') parts.push(this.expansion(false));
      else { parts.push({ text: char, quoted: false }); this.at += 1; }
    }
    if (this.at === start) throw new SyntaxRefusal(`syntax error: unexpected "${this.text[this.at] ?? 'end of file'}"`);
    return parts;
  }

  private quoted(parts: Part[]): void {
    parts.push({ text: '', quoted: true });
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new SyntaxRefusal('syntax error: unterminated quoted string');
      if (char === '"') { this.at += 1; return; }
      if (char === '\\' && '"\\$`\n'.includes(this.text[this.at + 1] ?? ' ')) { parts.push({ text: this.text[this.at + 1]! === '\n' ? '' : this.text[this.at + 1]!, quoted: true }); this.at += 2; } else if (char === '$' || char === '`') parts.push(this.expansion(true));
      else { parts.push({ text: char, quoted: true }); this.at += 1; }
    }
  }

  private expansion(quoted: boolean): Part {
    const rest = this.text.slice(this.at);
    if (rest.startsWith('$((')) throw new SyntaxRefusal('syntax error: "$((" is not known to this model\'s shell');
    if (rest.startsWith('$(')) {
      this.at += 2;
      const script = this.script(new Set([')']));
      this.take(')');
      return { script, quoted };
    }
    if (rest.startsWith('`')) {
      const close = this.text.indexOf('`', this.at + 1);
      if (close < 0) throw new SyntaxRefusal('syntax error: EOF in backquote substitution');
      const script = parseShell(this.text.slice(this.at + 1, close));
      this.at = close + 1;
      return { script, quoted };
    }
    const match = /^\$(?:\{([A-Za-z_]\w*|[?#@*$0-9])(?::?-([^}]*))?\}|([A-Za-z_]\w*|[?#@*$0-9]))/.exec(rest);
    if (match === null) {
      if (rest.startsWith('${')) throw new SyntaxRefusal('bad substitution');
      this.at += 1;
      return { text: '$', quoted: true };
    }
    this.at += match[0].length;
    return { name: match[1] ?? match[3]!, quoted, ...(match[2] === undefined ? {} : { otherwise: match[2] }) };
  }

  private peekWord(): string {
    if ('()'.includes(this.text[this.at] ?? ' ')) return this.text[this.at]!;
    return /^[^\s;|&<>()]*/.exec(this.text.slice(this.at, this.at + 100))![0];
  }

  private take(word: string): void {
    this.blanks(true);
    if (word === '' || this.peekWord() !== word) throw new SyntaxRefusal(`syntax error: unexpected ${this.at >= this.text.length ? 'end of file' : `"${this.peekWord()}"`}${word === '' ? '' : ` (expecting "${word}")`}`);
    this.at += word.length;
  }

  private eat(operator: string): boolean {
    if (!this.text.startsWith(operator, this.at)) return false;
    this.at += operator.length;
    return true;
  }

  private blanks(lines = false): void {
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text[this.at]!;
      if (char === '#' && (this.at === 0 || /\s/.test(this.text[this.at - 1]!))) this.at = this.text.indexOf('\n', this.at) < 0 ? this.text.length : this.text.indexOf('\n', this.at) - 1;
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 1;
      else if (!(char === ' ' || char === '\t' || char === '\r' || (lines && (char === '\n')))) return;
    }
  }
}

export const parseShell = (text: string): Script => new Reader(text).script(new Set());
