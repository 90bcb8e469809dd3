import { expect, test } from '@playwright/test';
import { readManifests } from '../src/cluster/with-manifests.ts';
import type { FromSession, Recording } from '../src/session/port/protocol.ts';
import { createSession } from '../src/session/session.ts';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

/** Plays a recording in this process, up to the moment its check was taken, and says what the world there is. */
function playInNode(recording: Recording, seekUs: number): Recording['check'] {
  let exported: Recording | undefined;
  const session = createSession({
    readManifests: (text, fileName) => readManifests(text, { fileName }),
    emit: (message: FromSession) => {
      if (message.type === 'failed') throw new Error(message.message);
      if (message.type === 'exported') exported = message.recording;
    },
  });
  session.receive({ type: 'open', recording, seekUs });
  session.receive({ type: 'export', id: 1 });
  return exported?.check;
}

test('a world lived through in the browser is, bit for bit, the world that Node computes from its recording', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply(deployment('web', 2));
  await expect(cluster.readyPods('web-')).toHaveCount(2);
  await cluster.pause();
  await cluster.choose(cluster.node('worker-3'));
  await cluster.offer('Power off').click();
  await cluster.play();
  await expect(cluster.mark('worker-3 NotReady')).toBeVisible({ timeout: 60_000 });
  await cluster.pause();
  // The check is taken when the last command is given: over all that has happened up to then.
  await cluster.offer('Cordon').click();
  const kept = async (): Promise<Recording> => (await page.evaluate(() => JSON.parse(localStorage.getItem('orrery/session/1') ?? '{}') as { recording: Recording })).recording;
  await expect.poll(async () => (await kept()).commands.map(({ command }) => command.type)).toEqual(['apply-manifest', 'power-off-node', 'cordon-node']);
  const recording = await kept();
  expect(recording.check!.atUs).toBeGreaterThan(recording.commands[1]!.atUs + 40_000_000);
  expect(recording.check!.hash).not.toBe('');

  const { check, ...bare } = recording;
  expect(playInNode(bare, check!.atUs)).toEqual(check);
  // Another seed is another world: the hash can tell.
  expect(playInNode({ ...bare, seed: 2 }, check!.atUs)?.hash).not.toBe(check!.hash);
});
