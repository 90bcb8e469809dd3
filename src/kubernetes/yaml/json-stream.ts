/** A syntax error in Go's words; `offset` is the number of characters read when it was noticed. */
export interface JsonSyntaxError {
  readonly message: string;
  readonly offset: number;
}

/** One value of a stream of JSON values, as the part of the text it covers. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

const maximumDepth = 1_000;

class Failure extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Finds the JSON values that follow one another in a text, or the error Go's decoder reports.
 * Models encoding/json scanner.go (its wording) and apimachinery pkg/util/yaml/decoder.go: YAMLOrJSONDecoder.Decode.
 */
export function scanJsonStream(text: string): { values: JsonSpan[]; error?: JsonSyntaxError } {
  const values: JsonSpan[] = [];
  const scanner = new Scanner(text);
  try {
    for (;;) {
      scanner.skipSpace();
      if (scanner.at >= text.length) return { values };
      const start = scanner.at;
      scanner.value(0);
      values.push({ start, end: scanner.at });
    }
  } catch (error) {
    if (error instanceof Failure) return { values, error: { message: error.message, offset: error.offset } };
    throw error;
  }
}

class Scanner {
  at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  private fail(context: string): never {
    if (this.at >= this.text.length) throw new Failure('unexpected EOF', -1);
    const point = String.fromCodePoint(this.text.codePointAt(this.at)!);
    const shown = point === "'" ? "\\'" : point === '"' ? '"' : JSON.stringify(point).slice(1, -1);
    throw new Failure(`invalid character '${shown}' ${context}`, this.at + 1);
  }

  value(depth: number): void {
    if (depth > maximumDepth) throw new Failure('exceeded max depth', this.at + 1);
    this.skipSpace();
    const code = this.text.charCodeAt(this.at);
    if (code === 123) this.object(depth);
    else if (code === 91) this.array(depth);
    else if (code === 34) this.string();
    else if (code === 45 || (code >= 48 && code <= 57)) this.number();
    else if (code === 116) this.literal('true');
    else if (code === 102) this.literal('false');
    else if (code === 110) this.literal('null');
    else this.fail('looking for beginning of value');
  }

  private object(depth: number): void {
    this.at += 1;
    this.skipSpace();
    if (this.text[this.at] === '}') { this.at += 1; return; }
    for (;;) {
      this.skipSpace();
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string');
      this.string();
      this.skipSpace();
      if (this.text[this.at] !== ':') this.fail('after object key');
      this.at += 1;
      this.value(depth + 1);
      this.skipSpace();
      if (this.text[this.at] === '}') { this.at += 1; return; }
      if (this.text[this.at] !== ',') this.fail('after object key:value pair');
      this.at += 1;
    }
  }

  private array(depth: number): void {
    this.at += 1;
    this.skipSpace();
    if (this.text[this.at] === ']') { this.at += 1; return; }
    for (;;) {
      this.value(depth + 1);
      this.skipSpace();
      if (this.text[this.at] === ']') { this.at += 1; return; }
      if (this.text[this.at] !== ',') this.fail('after array element');
      this.at += 1;
    }
  }

  private string(): void {
    this.at += 1;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 34) { this.at += 1; return; }
      if (!(code >= 32)) this.fail('in string literal');
      this.at += 1;
      if (code !== 92) continue;
      const escaped = this.text[this.at] ?? '';
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit += 1) {
          this.at += 1;
          if (!/^[0-9a-fA-F]$/.test(this.text[this.at] ?? '')) this.fail('in \\u hexadecimal character escape');
        }
      } else if (escaped === '' || !'bfnrt\\/"'.includes(escaped)) {
        this.fail('in string escape code');
      }
      this.at += 1;
    }
  }

  private digits(context: string): void {
    if (!this.isDigit()) this.fail(context);
    while (this.isDigit()) this.at += 1;
  }

  private isDigit(): boolean {
    const code = this.text.charCodeAt(this.at);
    return code >= 48 && code <= 57;
  }

  private number(): void {
    if (this.text[this.at] === '-') this.at += 1;
    if (this.text[this.at] === '0') this.at += 1;
    else this.digits('in numeric literal');
    if (this.text[this.at] === '.') {
      this.at += 1;
      this.digits('after decimal point in numeric literal');
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at += 1;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at += 1;
      this.digits('in exponent of numeric literal');
    }
  }

  private literal(word: string): void {
    for (let index = 0; index < word.length; index += 1) {
      if (this.text[this.at] !== word[index]) this.fail(`in literal ${word} (expecting '${word[index]}')`);
      this.at += 1;
    }
  }
}
