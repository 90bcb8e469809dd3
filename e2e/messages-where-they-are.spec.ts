import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readManifests } from '../src/cluster/with-manifests.ts';
import type { Recording } from '../src/session/port/protocol.ts';
import type { MessageRow } from '../src/session/port/rows.ts';
import { createSession } from '../src/session/session.ts';
import { deployment } from './manifests.ts';

const recording: Recording = { version: 1, seed: 1, topology: 'three-nodes', commands: [{ atUs: 20_000_000, command: { type: 'apply-manifest', text: deployment('web', 1), fileName: 'web.yaml' } }] };

/** All messages of the world's first 20.1 seconds, computed here and not in the page. */
function messagesInNode(): readonly MessageRow[] {
  const messages: MessageRow[] = [];
  const session = createSession({
    readManifests: (text, fileName) => readManifests(text, { fileName }),
    emit: (message) => { if (message.type === 'frame') messages.push(...message.messages); },
  });
  session.receive({ type: 'open', recording, seekUs: 20_000_000 });
  session.receive({ type: 'know', throughUs: 20_100_000, untilNews: false, limitUs: 20_100_000 });
  return messages;
}

/** The rows of pixels in which something wider than a pipe has the colour of a request, between the edges of one pipe; in the page's pixels. */
async function markOn(page: Page, pipe: string): Promise<{ readonly top: number; readonly bottom: number; readonly y: number }> {
  return page.evaluate(async (id) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const canvas = document.querySelector('canvas')!;
    const way = document.querySelector(`[data-id="${id}"] path`)!.getBoundingClientRect();
    const home = canvas.getBoundingClientRect();
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--request').trim();
    const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const [left, width, scale] = [way.left + way.width / 2 - home.left - 12, 24, canvas.width / home.width];
    const { data } = canvas.getContext('2d')!.getImageData(left * scale, 0, width * scale, canvas.height);
    let [sum, count] = [0, 0];
    // The edges of who speaks and who is spoken to are lit too.
    for (let y = Math.ceil((way.top - home.top + 3) * scale); y < (way.bottom - home.top - 3) * scale; y += 1) {
      const across = Array.from({ length: width * scale }, (_, x) => (y * width * scale + x) * 4).filter((at) => wanted.every((part, channel) => Math.abs(data[at + channel]! - part) < 12) && data[at + 3]! > 200).length;
      if (across <= 5 * scale) continue;
      sum += y * across;
      count += across;
    }
    return { top: way.top, bottom: way.bottom, y: sum / count / scale + home.top };
  }, pipe);
}

test('a message is drawn where it is: on its pipe, as far along as it has come', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const asked = messagesInNode().find((message) => message.kind === 'request' && message.from === 'outside/kubectl' && message.label.startsWith('POST'))!;
  for (const share of [0.2, 0.5, 0.85]) {
    const playheadUs = Math.round(asked.sentAtUs + share * (asked.arrivesAtUs - asked.sentAtUs));
    await page.addInitScript((kept) => { localStorage.setItem('orrery/session/1', kept); }, JSON.stringify({ recording, playheadUs, playing: false, theme: 'light' }));
    await page.goto('./');
    await expect(page.getByRole('button', { name: /^Node worker-3, Ready/ })).toBeVisible();
    await expect.poll(async () => {
      const { top, bottom, y } = await markOn(page, 'outside/kubectl|control-plane-1/kube-apiserver');
      return Math.round(((y - top) / (bottom - top)) * 100);
    }, { message: `at ${share} of its way` }).toBeGreaterThan(share * 100 - 7);
    const { top, bottom, y } = await markOn(page, 'outside/kubectl|control-plane-1/kube-apiserver');
    expect((y - top) / (bottom - top)).toBeLessThan(share + 0.07);
  }
});
