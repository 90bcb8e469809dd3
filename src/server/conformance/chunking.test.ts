/** Takes the steps of test/e2e/apimachinery/chunking.go, with fewer objects. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Refused, ThingList } from './things.ts';

const total = 60;
const templates = (at: Client): string => `${at.in('v1')}/podtemplates`;
const nameOf = (i: number): string => `template-${String(i).padStart(4, '0')}`;
async function makeThem(at: Client): Promise<void> {
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'test', image: 'test2' }] } };
  for (let i = 0; i < total; i += 1) await at.post(templates(at), { metadata: { name: nameOf(i) }, template });
}
/** What a page must say of itself, `found` of them having been read before. */
function check({ items, metadata }: ThingList, found: number): void {
  expect(metadata.remainingItemCount === undefined).toBe((metadata.continue ?? '') === '');
  if (metadata.remainingItemCount !== undefined) expect(metadata.remainingItemCount + items.length + found).toBe(total);
  expect(items.map((item) => item.metadata.name)).toEqual(items.map((_item, i) => nameOf(found + i)));
}
async function readOn(at: Client, limit: number, from: { readonly found: number; readonly token: string; readonly version?: string }): Promise<number> {
  let { found, token, version } = from;
  do {
    const list = await at.list(`${templates(at)}?limit=${limit}&continue=${encodeURIComponent(token)}`);
    check(list, found);
    expect(list.items.length).toBeLessThanOrEqual(limit);
    version ??= list.metadata.resourceVersion;
    expect(list.metadata.resourceVersion).toBe(version);
    found += list.items.length;
    token = list.metadata.continue ?? '';
  } while (token !== '');
  return found;
}

behaviour('[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls [Conformance]', async (at) => {
  await makeThem(at);
  for (let round = 0; round < 3; round += 1) expect(await readOn(at, 17, { found: 0, token: '' })).toBe(total);
  expect((await at.list(`${templates(at)}?limit=${total + 1}`)).items).toHaveLength(total);
});

behaviour('[sig-api-machinery] Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent [Slow] [Conformance]', async (at) => {
  await makeThem(at);
  const limit = total / 10;
  const first = await at.list(`${templates(at)}?limit=${limit}`);
  check(first, 0);
  const secondPage = `${templates(at)}?limit=${limit}&continue=${encodeURIComponent(first.metadata.continue!)}`;
  // Twice the interval of compaction, as upstream waits; something is written meanwhile, or there would be nothing to compact.
  const expired = await at.until(async () => {
    await at.pass(20_000);
    return at.list(secondPage).then(() => undefined, (error: Refused) => error);
  }, 600_000);
  expect([expired.code, expired.reason]).toEqual([410, 'Expired']);
  const { metadata } = expired.status as unknown as ThingList;
  const second = await at.list(`${templates(at)}?limit=${limit}&continue=${encodeURIComponent(metadata.continue!)}`);
  expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  expect(second.items).toHaveLength(limit);
  check(second, limit);
  expect(await readOn(at, limit, { found: limit * 2, token: second.metadata.continue!, version: second.metadata.resourceVersion })).toBe(total);
});
