/** The small part of a shell that manifests use: words, `;`, `&&`, `||`, loops, `if`, `trap`, `sleep`, `echo`, `exit`. */

export type Step =
  | { readonly kind: 'command'; readonly words: readonly string[]; readonly quiet: boolean; readonly background: boolean; readonly when: 'always' | 'after success' | 'after failure' }
  | { readonly kind: 'forever'; readonly body: readonly Step[] }
  | { readonly kind: 'repeat'; readonly times: number; readonly body: readonly Step[]; /** The variable of a `for`, and its value in each round. */ readonly name?: string; readonly values?: readonly string[] };

type Token = { readonly word: string; readonly quoted: boolean } | { readonly operator: string };

const operatorAt = (text: string, i: number): string =>
  ['&&', '||', ';;', '>>'].find((two) => text.startsWith(two, i)) ?? (';&|<>\n'.includes(text[i]!) ? text[i]! : '');

/** Splits a script into words and operators; quotes are taken off, `$(…)` and `${…}` stay inside their word. */
export function tokenize(script: string): Token[] {
  const tokens: Token[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  const end = () => {
    if (inWord) tokens.push({ word, quoted });
    word = '';
    inWord = quoted = false;
  };
  for (let i = 0; i < script.length; i++) {
    const char = script[i]!;
    if (char === '\'' || char === '"') {
      const close = closingQuote(script, i);
      word += char === '"' ? script.slice(i + 1, close).replace(/\\(["\\$`])/g, '$1') : script.slice(i + 1, close);
      inWord = quoted = true;
      i = close;
    } else if (char === '\\') {
      if (script[i + 1] !== '\n') { word += script[i + 1] ?? ''; inWord = true; }
      i++;
    } else if (char === '$' && (script[i + 1] === '(' || script[i + 1] === '{')) {
      const close = closingBracket(script, i + 1);
      word += script.slice(i, close + 1);
      inWord = true;
      i = close;
    } else if (char === '#' && !inWord) {
      const line = script.indexOf('\n', i);
      i = (line < 0 ? script.length : line) - 1;
    } else if (operatorAt(script, i) !== '') {
      const operator = operatorAt(script, i);
      if ((operator === '>' || operator === '>>' || operator === '<') && /^\d$/.test(word)) { word = ''; inWord = false; }
      end();
      tokens.push({ operator: operator === '\n' ? ';' : operator });
      i += operator.length - 1;
    } else if (char === ' ' || char === '\t' || char === '\r') end();
    else { word += char; inWord = true; }
  }
  end();
  return tokens;
}

function closingQuote(text: string, from: number): number {
  const quote = text[from]!;
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return text.length;
}

function closingBracket(text: string, from: number): number {
  const open = text[from]!;
  const close = open === '(' ? ')' : '}';
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
  }
  return text.length;
}

/** Reads a script into steps. What it does not understand becomes a command that succeeds at once. */
export function parseScript(script: string): readonly Step[] {
  const tokens = tokenize(script);
  let at = 0;
  const wordAt = (): string | undefined => { const token = tokens[at]; return token !== undefined && 'word' in token ? token.word : undefined; };
  const skip = () => { while (at < tokens.length && 'operator' in tokens[at]!) at++; };

  /** Words up to the next separator; redirections are read and dropped. */
  const command = (when: 'always' | 'after success' | 'after failure'): Step => {
    const words: string[] = [];
    let quiet = false;
    for (; at < tokens.length; at++) {
      const token = tokens[at]!;
      if ('word' in token) words.push(token.word);
      else if (token.operator === '>' || token.operator === '>>' || token.operator === '<') {
        if (token.operator !== '<') quiet = true;
        at++;
        const target = tokens[at];
        if (target !== undefined && 'operator' in target) { at++; quiet = false; } // 2>&1
      } else break;
    }
    const stop = tokens[at];
    const operator = stop !== undefined && 'operator' in stop ? stop.operator : '';
    return { kind: 'command', words, quiet: quiet || operator === '|', background: operator === '&', when };
  };

  const untilWord = (ends: readonly string[]): Step[] => {
    const steps: Step[] = [];
    let when: 'always' | 'after success' | 'after failure' = 'always';
    while (at < tokens.length) {
      const token = tokens[at]!;
      if ('operator' in token) {
        when = token.operator === '&&' ? 'after success' : token.operator === '||' ? 'after failure' : 'always';
        at++;
        continue;
      }
      if (ends.includes(token.word) && !token.quoted) return steps;
      if (!token.quoted && (token.word === 'while' || token.word === 'until' || token.word === 'for')) steps.push(loop(token.word));
      else if (!token.quoted && token.word === 'if') steps.push(...branch());
      else steps.push(command(when));
      when = 'always';
    }
    return steps;
  };

  const loop = (kind: string): Step => {
    at++;
    const head: string[] = [];
    while (at < tokens.length && wordAt() !== 'do') { const word = wordAt(); if (word !== undefined) head.push(word); at++; }
    at++;
    const body = untilWord(['done']);
    at++;
    if (kind === 'for') { const values = valuesOf(head.slice(head.indexOf('in') + 1)); return { kind: 'repeat', times: values.length, body, name: head[0] ?? '', values }; }
    const endless = (kind === 'while' && (head[0] === 'true' || head[0] === ':' || head[0] === '1' || head[1] === '1')) || (kind === 'until' && head[0] === 'false');
    return endless ? { kind: 'forever', body } : { kind: 'repeat', times: 1, body };
  };

  /** Only the `then` part is taken: what the condition would say is not known. */
  const branch = (): Step[] => {
    at++;
    untilWord(['then']);
    at++;
    const body = untilWord(['else', 'elif', 'fi']);
    if (wordAt() !== 'fi') { at++; untilWord(['fi']); }
    at++;
    return body;
  };

  skip();
  return untilWord([]);
}

function valuesOf(words: readonly string[]): readonly string[] {
  const sequence = /^\$\(seq (?:(-?\d+) )?(-?\d+)\)$/.exec(words.join(' ')) ?? /^\{(-?\d+)\.\.(-?\d+)\}$/.exec(words.join(' '));
  if (sequence === null) return words;
  const first = Number(sequence[1] ?? 1);
  return Array.from({ length: Math.max(0, Math.min(10_000, Number(sequence[2]) - first + 1)) }, (_, index) => String(first + index));
}
