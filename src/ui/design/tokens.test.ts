import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The colours of each theme as the style sheet has them; a theme begins with those of the first. */
const sheet = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const blocks = [...sheet.matchAll(/:root(?:\[data-theme='([\w-]+)'\])?(?:, :root\[data-theme='[\w-]+'\])? \{([^}]*)\}/g)]
  .map(([, name = 'dark', body]) => ({ name, colours: Object.fromEntries([...body!.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, token, colour]) => [token, colour])) as Record<string, string> }));
const names = blocks.map(({ name }, index) => `${name}${blocks.findIndex((other) => other.name === name) < index ? ' on a light page' : ''}`);
const themes = blocks.map(({ colours }, index) => [names[index]!, { ...blocks[0]!.colours, ...colours }] as const);

const luminance = (colour: string): number => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
/** WCAG's contrast, where `veil` is light that falls on the screen besides: 0.05 in its own definition. */
const contrast = (a: string, b: string, veil = 0.05): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + veil) / (low! + veil);
};

const grounds = ['bg', 'panel', 'card', 'card-2'];
const texts = ['ink', 'ink-2', 'ink-3', 'accent', 'request', 'response', 'watch', 'cri', 'raft', 'bad', 'good'];
const pairs = [...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)), ['on-accent', 'accent'] as const];

test('all themes are here', () => expect(names).toEqual(['dark', 'light', 'projector-light', 'projector-dark', 'contrast', 'contrast on a light page']));

describe.each(themes)('%s', (name, colours) => {
  const least = name === 'dark' || name === 'light' ? 4.5 : 7;
  test('every text can be read on every ground', () => expect(pairs.filter(([text, ground]) => contrast(colours[text]!, colours[ground]!) < least).map(([text, ground]) => `${text} on ${ground} ${contrast(colours[text]!, colours[ground]!).toFixed(2)}`)).toEqual([]));
  test('what shows the edge of a control can be seen', () => expect(grounds.filter((ground) => contrast(colours['line-strong']!, colours[ground]!) < 3)).toEqual([]));
});

/** A lit room adds a quarter of the projector's white to every point of the wall; of its text at least large type's contrast must be left. */
test.each(themes.filter(([name]) => name.startsWith('projector')))('%s survives a quarter of ambient light', (_, colours) =>
  expect(pairs.filter(([text, ground]) => contrast(colours[text]!, colours[ground]!, 0.25) < 2.9).map(([text, ground]) => `${text} on ${ground} ${contrast(colours[text]!, colours[ground]!, 0.25).toFixed(2)}`)).toEqual([]));
