/** One document of a stream: its text with plain line ends, and the line of the whole text on which it starts. */
export interface DocumentText {
  readonly text: string;
  readonly firstLine: number;
}

/** A separator line that says more than a comment; reading stops there. */
export interface BadSeparator {
  readonly line: number;
  readonly trailing: string;
}

/**
 * Cuts a stream at the lines that begin with `---`.
 * Models apimachinery pkg/util/yaml/decoder.go: YAMLReader.Read. A leading separator belongs to the first document, so
 * line numbers in errors count from the line after the previous separator, as kubectl's do.
 */
export function splitDocuments(text: string): { documents: DocumentText[]; bad?: BadSeparator } {
  const documents: DocumentText[] = [];
  const plain = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
  const source = plain.endsWith('\n') || plain === '' ? plain : `${plain}\n`;
  let chunkStart = 0;
  let chunkLine = 1;
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const newline = source.indexOf('\n', at);
    const end = newline === -1 ? source.length : newline;
    if (source.startsWith('---', at)) {
      const trailing = source.slice(at + 3, end).trim();
      if (trailing !== '' && trailing[0] !== '#') return { documents, bad: { line, trailing } };
      if (at > chunkStart) {
        documents.push({ text: source.slice(chunkStart, at), firstLine: chunkLine });
        chunkStart = end + 1;
        chunkLine = line + 1;
      }
    }
    at = end + 1;
    line += 1;
  }
  if (chunkStart < source.length) documents.push({ text: source.slice(chunkStart), firstLine: chunkLine });
  return { documents };
}
