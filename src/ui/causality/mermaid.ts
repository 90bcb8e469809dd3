import type { CausalityAnswer, CausalSpan } from '../../session/port/causality.ts';
import { clockText, durationText } from '../../store/words.ts';

/** Mermaid refuses texts of more than 50,000 characters and more than 500 edges (its `maxTextSize` and `maxEdges`). */
const [mostCharacters, mostLines] = [45_000, 480];

/** Text as Mermaid takes it: what could be read as its own language (`;`, `#`, `:`, the word “end”) as entity codes. */
export const mermaidText = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[^A-Za-z0-9 .,/_()'=+*-]/gu, (sign) => `#${sign.codePointAt(0)};`).replace(/\bend\b/gi, (word) => `#${word.codePointAt(0)};${word.slice(1)}`);

const nameOf = (address: string): string => {
  const [host = '', name = ''] = address.split('/');
  return host === 'outside' || host.startsWith('control-plane') ? name : `${name} on ${host}`;
};

const arrowOf = ({ kind, ok }: CausalSpan): string => (!ok ? '-x' : kind === 'response' ? '-->>' : kind === 'watch' ? '-)' : '->>');

function lineOf(span: CausalSpan, id: (address: string) => string): string {
  const over = (text: string): string => `Note over ${id(span.from)}: ${mermaidText(text)}`;
  switch (span.what) {
    case 'message': return `${id(span.from)}${arrowOf(span)}${id(span.to)}: ${mermaidText(span.title)}`;
    case 'timer': return over(`after ${durationText(span.endUs - span.atUs)}: ${span.title}`);
    case 'command': return over(span.title);
    case 'note': return over(span.sentence.length > 120 ? span.title : span.sentence);
  }
}

/** A chain of causes and all that came of it as a sequence diagram in Mermaid's language. */
export function mermaidOf(answer: CausalityAnswer): string {
  const ids = new Map<string, string>();
  const id = (address: string): string => {
    if (!ids.has(address)) ids.set(address, address === 'you' ? 'you' : `c${ids.size}`);
    return ids.get(address)!;
  };
  const spans = [...answer.spans].sort((a, b) => momentOf(a) - momentOf(b) || a.id - b.id);
  const lines: string[] = [];
  let characters = 0;
  for (const span of spans) {
    const line = lineOf(span, id);
    if (lines.length >= mostLines || characters + line.length > mostCharacters) break;
    lines.push(line);
    characters += line.length + 3;
  }
  const left = spans.length - lines.length + answer.leftOut.news;
  const people = [...ids].map(([address, name]) => (address === 'you' ? 'actor you as You' : `participant ${name} as ${mermaidText(nameOf(address))}`));
  const first = spans[0]!;
  return [
    'sequenceDiagram', `%% Orrery: what led to record ${answer.recordId} and what came of it, from ${clockText(first.atUs)} on`,
    ...[...people, ...lines, ...(left > 0 ? [`Note over ${id(first.from)}: ${mermaidText(`${left} more are left out`)}`] : [])].map((line) => `  ${line}`), '',
  ].join('\n');
}

/** A timer stands where it fires. */
const momentOf = ({ what, atUs, endUs }: CausalSpan): number => (what === 'timer' ? endUs : atUs);
