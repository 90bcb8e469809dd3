import type { Browser, Locator } from '@playwright/test';
import { readManifests } from '../cluster/with-manifests.ts';
import type { FromSession, Recording } from '../session/port/protocol.ts';
import type { MessageRow } from '../session/port/rows.ts';
import { answerQuery } from '../session/answer-query.ts';
import { createSession } from '../session/session.ts';
import { frameBudgetMs, frameTimes } from './bench-frames.ts';
import type { Figure } from './bench-report.ts';
import { openView } from './gallery-views.ts';

const crowd = 100;
/** By then more than a hundred Pods are on the stage. */
const podsFromUs = 22_000_000;
const service = (name: string): string => `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n`;
const fiveServices = ['one', 'two', 'three', 'four', 'five'].map(service).join('');

/** Twenty nodes and 200 Pods behind five Services: each change of their slices goes to all nodes at once. */
const recordingOf = (manifest: string): Recording => ({ version: 1, seed: 1, topology: 'nodes-20', commands: [{ atUs: 15_000_000, command: { type: 'apply-manifest', text: manifest + fiveServices, fileName: 'web.yaml' } }] });

/** The time between frames while a hundred messages are on the stage; how many there are is counted in the same world beside the page. */
export async function measureCrowd(browser: Browser, url: string, viewport: { readonly width: number; readonly height: number }, manifest: string): Promise<readonly Figure[]> {
  const recording = recordingOf(manifest);
  const messages = messagesOf(recording);
  const underWay = (atUs: number): number => messages.filter(({ sentAtUs, arrivesAtUs }) => sentAtUs <= atUs && arrivesAtUs > atUs).length;
  const [fromUs, untilUs] = crowdIn(messages.map(({ sentAtUs }) => sentAtUs).filter((atUs) => atUs > podsFromUs && underWay(atUs) >= crowd));
  const page = await browser.newPage();
  await openView(page, url, { name: 'crowd', size: [viewport.width, viewport.height], theme: 'dark', recording, atS: fromUs / 1_000_000 });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const clock = page.getByRole('contentinfo', { name: 'Time' }).getByRole('time');
  const now = async (): Promise<number> => Number.parseFloat((await clock.getAttribute('datetime'))!.slice(2)) * 1_000_000;
  // The crowd is over within a moment: that moment is looped.
  await page.keyboard.press('o');
  for (let before = -1, at = await now(); at < untilUs && at !== before; before = at, at = await now()) {
    await page.keyboard.press('ArrowRight');
    await standsStill(clock);
  }
  const toUs = await now();
  await page.keyboard.press('o');
  await page.keyboard.press('Space');
  const frames = await frameTimes(page);
  await page.close();
  const size = `${viewport.width}x${viewport.height}`;
  return [
    { name: `frame-p95-100-messages-${size}`, value: frames.p95, unit: 'ms', budget: frameBudgetMs },
    { name: `messages-in-flight-meanwhile-${size}`, value: underWay((fromUs + toUs) / 2), unit: 'messages', budget: undefined },
  ];
}

/** The clock has shown one moment for thirty frames. */
const standsStill = async (clock: Locator): Promise<void> => clock.evaluate(async (element) => {
  for (let [frames, before] = [0, '']; frames < 30;) {
    await new Promise((resolve) => { requestAnimationFrame(resolve); });
    const now = element.getAttribute('datetime')!;
    [frames, before] = now === before ? [frames + 1, now] : [0, now];
  }
});

/** The longest stretch between moments of a crowd that follow one another within a tenth of a millisecond. */
function crowdIn(moments: readonly number[]): readonly [fromUs: number, toUs: number] {
  let [best, fromUs]: [readonly [number, number], number] = [[Number.NaN, Number.NaN], moments[0]!];
  moments.forEach((atUs, index) => {
    if (index > 0 && atUs - moments[index - 1]! > 100) fromUs = atUs;
    if (!(best[1] - best[0] > atUs - fromUs)) best = [fromUs, atUs];
  });
  return best;
}

function messagesOf(recording: Recording): readonly MessageRow[] {
  const heard: FromSession[] = [];
  const session = createSession({ readManifests: (text, fileName) => readManifests(text, { fileName }), answerQuery, emit: (answer) => heard.push(answer) });
  session.receive({ type: 'open', recording });
  session.receive({ type: 'know', throughUs: 32_000_000, untilNews: false, limitUs: 32_000_000 });
  return heard.flatMap((answer) => (answer.type === 'frame' ? answer.messages : []));
}
