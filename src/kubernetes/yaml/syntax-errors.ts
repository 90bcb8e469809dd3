/** A syntax error in goyaml's words, with the place of the text it is about. */
export interface SyntaxProblem {
  readonly message: string;
  readonly offset: number;
}

// eslint-disable-next-line no-control-regex
const forbidden = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Finds the first syntax error of one document, or undefined where goyaml would read it. */
export function findSyntaxError(text: string): SyntaxProblem | undefined {
  const bad = forbidden.exec(text);
  if (bad !== null) return { message: 'yaml: control characters are not allowed', offset: bad.index };
  return undefined;
}
