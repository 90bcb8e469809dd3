/** Takes the steps of test/e2e/apimachinery/watch.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';
import type { WatchedEvents } from './watched-events.ts';

const label = 'watch-this-configmap';
const maps = (at: Client): string => `${at.in('v1')}/configmaps`;
const watchLabelled = (at: Client, values: readonly string[], resourceVersion = ''): Promise<WatchedEvents> =>
  at.watch(`${maps(at)}?labelSelector=${encodeURIComponent(`${label} in (${values.join()})`)}&resourceVersion=${resourceVersion}`);
const make = (at: Client, name: string, value: string): Promise<Thing> => at.post(maps(at), { metadata: { name, labels: { [label]: value } } });
async function change(at: Client, name: string, to: { readonly data?: object; readonly label?: string }): Promise<Thing> {
  const map = await at.get(`${maps(at)}/${name}`);
  return at.put(`${maps(at)}/${name}`, { ...map, ...(to.data && { data: to.data }), metadata: { ...map.metadata, ...(to.label !== undefined && { labels: { [label]: to.label } }) } });
}
async function tells(watches: readonly WatchedEvents[], type: string, object?: Thing): Promise<void> {
  for (const watch of watches) {
    const told = await watch.next();
    expect(told.type).toBe(type);
    if (object !== undefined) expect(told.object).toEqual(object);
  }
}
const silent = async (watch: WatchedEvents): Promise<void> => expect(await watch.isSilentFor(10_000)).toBe(true);

behaviour('[sig-api-machinery] Watchers should observe add, update, and delete watch notifications on configmaps [Conformance]', async (at) => {
  const [a, b, both] = [await watchLabelled(at, ['A']), await watchLabelled(at, ['B']), await watchLabelled(at, ['A', 'B'])];
  await tells([a, both], 'ADDED', await make(at, 'a', 'A'));
  await tells([a, both], 'MODIFIED', await change(at, 'a', { data: { mutation: '1' } }));
  await tells([a, both], 'MODIFIED', await change(at, 'a', { data: { mutation: '2' } }));
  await at.delete(`${maps(at)}/a`);
  await tells([a, both], 'DELETED');
  await silent(b);
  await tells([b, both], 'ADDED', await make(at, 'b', 'B'));
  await at.delete(`${maps(at)}/b`);
  await tells([b, both], 'DELETED');
  await silent(a);
});

behaviour('[sig-api-machinery] Watchers should be able to start watching from a specific resource version [Conformance]', async (at) => {
  await make(at, 'past', 'version');
  const first = await change(at, 'past', { data: { mutation: '1' } });
  const second = await change(at, 'past', { data: { mutation: '2' } });
  await at.delete(`${maps(at)}/past`);
  const watch = await watchLabelled(at, ['version'], first.metadata.resourceVersion);
  await tells([watch], 'MODIFIED', second);
  await tells([watch], 'DELETED');
});

behaviour('[sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch [Conformance]', async (at) => {
  const broken = await watchLabelled(at, ['restarted']);
  const made = await make(at, 'map', 'restarted');
  await change(at, 'map', { data: { mutation: '1' } });
  await tells([broken], 'ADDED', made);
  const last = await broken.next();
  broken.stop();
  const second = await change(at, 'map', { data: { mutation: '2' } });
  const again = await watchLabelled(at, ['restarted'], last.object.metadata.resourceVersion);
  await at.delete(`${maps(at)}/map`);
  await tells([again], 'MODIFIED', second);
  await tells([again], 'DELETED');
});

behaviour('[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector [Conformance]', async (at) => {
  const watch = await watchLabelled(at, ['restored']);
  const made = await make(at, 'map', 'restored');
  const first = await change(at, 'map', { data: { mutation: '1' } });
  await change(at, 'map', { label: 'wrong' });
  await tells([watch], 'ADDED', made);
  await tells([watch], 'MODIFIED', first);
  await tells([watch], 'DELETED');
  await change(at, 'map', { data: { mutation: '2' } });
  await silent(watch);
  const restored = await change(at, 'map', { label: 'restored' });
  const third = await change(at, 'map', { data: { mutation: '3' } });
  await at.delete(`${maps(at)}/map`);
  await tells([watch], 'ADDED', restored);
  await tells([watch], 'MODIFIED', third);
  await tells([watch], 'DELETED');
});

behaviour('[sig-api-machinery] Watchers should receive events on concurrent watches in same order [Conformance]', async (at) => {
  let { metadata: { resourceVersion } } = await at.list(maps(at));
  const watches: WatchedEvents[] = [];
  // Made, changed and deleted in turns; upstream draws which.
  const produce = [
    (i: number) => at.post(maps(at), { metadata: { name: `map-${i}` } }),
    (i: number) => at.put(`${maps(at)}/map-${i - 1}`, { metadata: { name: `map-${i - 1}`, labels: { mutated: `${i}` } } }),
    (i: number) => at.delete(`${maps(at)}/map-${i - 2}`),
  ];
  for (let i = 0; i < 30; i += 1) {
    watches.push(await at.watch(`${maps(at)}?resourceVersion=${resourceVersion}`));
    await produce[i % 3]!(i);
    const versions = [];
    for (const watch of watches) versions.push((await watch.next()).object.metadata.resourceVersion);
    expect(new Set(versions).size).toBe(1);
    expect(Number(versions[0])).toBeGreaterThan(Number(resourceVersion));
    resourceVersion = versions[0]!;
  }
});
