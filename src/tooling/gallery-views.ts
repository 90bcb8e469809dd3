import type { Page } from '@playwright/test';
import type { Recording } from '../session/port/protocol.ts';
import { scene as nodeDies } from '../scenes/node-dies.ts';

/** One picture: a world, a moment of it, and how one looks at it. All of it follows from the seed, so it can be taken again. */
export interface GalleryView {
  readonly name: string;
  readonly size: readonly [width: number, height: number];
  readonly theme: 'dark' | 'light' | 'projector-light' | 'projector-dark';
  readonly recording: Recording;
  readonly atS: number;
  /** Instead of a kept recording: what the address asks for. */
  readonly query?: string;
  prepare?(page: Page): Promise<unknown>;
}

const { recording: lostNode } = nodeDies;
const twenty: Recording = { version: 1, seed: 1, topology: 'nodes-20', commands: lostNode.commands.slice(0, 1).map(({ command }) => ({ atUs: 20_000_000, command: { ...command, text: (command as { text: string }).text.replace('replicas: 3', 'replicas: 60') } as typeof command })) };

const wide = [1280, 720] as const;
/** Three Pods are being made: messages everywhere. */
const making = { recording: lostNode, atS: 20.01543 };
/** A node has lost its power, and its Pod is deleted at last. */
const lost = { recording: lostNode, atS: 405 };

const opened = async (page: Page): Promise<void> => {
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await inspector.getByRole('heading').nth(1).waitFor();
  await inspector.getByText('Looking…').waitFor({ state: 'detached' });
};

const inspect = (kind: RegExp) => async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: kind }).first().press('Enter');
  await page.getByRole('toolbar').getByRole('button', { name: 'Inspect' }).click();
  await opened(page);
};

/** From the palette, as a user would: what is typed, and Enter. */
const search = (text: string, ...keys: readonly string[]) => async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search/ }).fill(text);
  for (const key of keys) await page.keyboard.press(key);
};

const zoom = (by: 'in' | 'out', times: number) => async (page: Page): Promise<void> => {
  for (let time = 0; time < times; time += 1) await page.getByRole('button', { name: `Zoom ${by}` }).click();
  await page.mouse.move(2, 2);
};

/** What came of the kubelet's start of a container, and what led to it. */
const causes = async (page: Page): Promise<void> => {
  await search('Created container', 'Enter')(page);
  await opened(page);
  await page.getByRole('button', { name: 'Causes and effects' }).click();
  await page.getByRole('tree', { name: 'Causes and effects' }).waitFor();
};

const scheduling = async (page: Page): Promise<void> => {
  await inspect(/^Pod web-.*Running, ready/)(page);
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await inspector.getByRole('tab', { name: 'Scheduling' }).click();
  await inspector.getByRole('row', { name: /^TaintToleration weight/ }).waitFor();
};

/** In one future worker-2 lost its power; in the other it gets it back. */
const twoFutures = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'More ways through time' }).click();
  await page.getByRole('menuitem', { name: /^Fork here/ }).click();
  await page.getByRole('button', { name: /^Node worker-2,/ }).press('Enter');
  await page.getByRole('toolbar').getByRole('button', { name: 'Power on' }).click();
  await page.getByRole('button', { name: 'Futures: 2' }).click();
  await page.getByRole('button', { name: /^Show beside: / }).first().click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('PageDown');
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  while (await dismiss.count() > 0) await dismiss.first().click({ timeout: 2_000 }).catch(() => undefined);
  await page.getByRole('region', { name: 'What differs' }).getByRole('row').nth(2).waitFor();
};

export const galleryViews: readonly GalleryView[] = [
  { name: 'stage', size: wide, theme: 'dark', ...making },
  { name: 'stage-light', size: wide, theme: 'light', ...making },
  { name: 'stage-near', size: wide, theme: 'dark', ...making, prepare: zoom('in', 3) },
  { name: 'twenty-nodes', size: wide, theme: 'light', recording: twenty, atS: 60 },
  { name: 'node-lost', size: wide, theme: 'light', ...lost },
  { name: 'object', size: wide, theme: 'light', ...lost, prepare: inspect(/^Pod web-.*Running, ready/) },
  { name: 'component', size: wide, theme: 'dark', ...lost, prepare: inspect(/^kube-scheduler, /) },
  { name: 'message', size: wide, theme: 'dark', ...lost, prepare: async (page) => { await search('node-controller deletes pods', 'Enter')(page); await opened(page); } },
  { name: 'why', size: wide, theme: 'light', ...lost, prepare: inspect(/^Pod web-.*Terminating/) },
  { name: 'causes', size: wide, theme: 'dark', ...lost, prepare: causes },
  { name: 'scheduling', size: wide, theme: 'light', ...lost, prepare: scheduling },
  { name: 'two-futures', size: wide, theme: 'light', recording: lostNode, atS: 60, prepare: twoFutures },
  { name: 'palette', size: wide, theme: 'light', ...lost, prepare: search('worker-1') },
  { name: 'lit', size: wide, theme: 'dark', ...lost, prepare: search('kind:pod status:terminating', 'Enter') },
  { name: 'projector', size: wide, theme: 'projector-light', ...making },
  { name: 'five-thousand-nodes', size: wide, theme: 'dark', recording: lostNode, atS: 0, query: '?synthetic=5000x150000', prepare: (page) => page.getByRole('heading', { name: /^5,000 nodes: / }).waitFor() },
  { name: 'phone', size: [390, 844], theme: 'dark', ...making },
];

/** Opens the page at the moment of a view, paused, without hints, and does there what is to be seen. */
export async function openView(page: Page, url: string, view: GalleryView): Promise<void> {
  const { commands } = view.recording;
  const applied = commands.map(({ command }) => command).find((command) => command.type === 'apply-manifest');
  const kept = {
    recording: view.recording, playheadUs: Math.round(view.atS * 1_000_000), playing: false, theme: view.theme, learnt: ['apply', 'break', 'ask'],
    ...(applied?.type === 'apply-manifest' ? { manifestText: applied.text, fileName: applied.fileName } : {}),
  };
  await page.setViewportSize({ width: view.size[0], height: view.size[1] });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript((text) => { localStorage.setItem('orrery/session/1', text); }, JSON.stringify(kept));
  await page.goto(url + (view.query ?? ''));
  await page.getByRole('button', { name: /^Node [\w-]+, / }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  await view.prepare?.(page);
  // What is drawn at the next frame is what is there.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
