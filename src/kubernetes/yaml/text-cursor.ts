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

export const isBreak = (code: number): boolean => code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
export const isBlank = (code: number): boolean => code === 32 || code === 9;
/** True past the end of the text, where `charCodeAt` answers NaN. */
export const isEnd = (code: number): boolean => code !== code;
export const isBreakOrEnd = (code: number): boolean => isEnd(code) || isBreak(code);
export const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code);

/** A reading position in a text that knows its line and column, both from zero. */
export class TextCursor {
  readonly text: string;
  at = 0;
  line = 0;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  skipLine(): void {
    if (this.code() === 13 && this.code(1) === 10) this.at += 1;
    this.at += 1;
    this.startLine();
  }

  startLine(): void {
    this.line += 1;
    this.lineStart = this.at;
  }

  skipToBreak(): void {
    while (!isBreakOrEnd(this.text.charCodeAt(this.at))) this.at += 1;
  }

  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** `---` or `...` at the start of a line. */
  documentIndicator(): 'document-start' | 'document-end' | undefined {
    if (this.at !== this.lineStart || !isBlankOrEnd(this.code(3))) return undefined;
    if (this.text.startsWith('---', this.at)) return 'document-start';
    return this.text.startsWith('...', this.at) ? 'document-end' : undefined;
  }

  /**
   * Errors of the scanner print the line where it stopped, counted from one, unless it is the first (decode.go: parser.fail);
   * `offset` is where a reader should look, which for something left open is its beginning.
   */
  fail(problem: string, contextLine = this.line, offset = this.at): never {
    throw new YamlSyntaxError(problem, offset, this.line !== 0 ? this.line + 1 : contextLine);
  }
}
