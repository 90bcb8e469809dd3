/**
 * What a file of behaviours needs: `behaviour(codename, async (at) => …)` is one test of the CNCF conformance list, by a client of a served world that it shares with
 * the other tests of its file, in a namespace of its own. Time passes only as far as requests need it and `until` lets it.
 */
import type { AddressInfo } from 'node:net';
import { afterAll, test } from 'vitest';
import { createHttpServer } from '../http-server.ts';
import { LiveSession } from '../live-session.ts';
import { Client } from './client.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live);
const listening = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
afterAll(() => { server.closeAllConnections(); server.close(); });

let namespaces = 0;

/** A test of one behaviour; its name is upstream's codename. */
export function behaviour(codename: string, run: (at: Client) => Promise<unknown>): void {
  // oxlint-disable-next-line vitest/expect-expect -- they are in what is run
  test(codename, async () => {
    const at = new Client(live, await listening, `conformance-${namespaces += 1}`);
    await at.post('/api/v1/namespaces', { metadata: { name: at.namespace, labels: { 'e2e-framework': 'conformance' } } });
    // As upstream's framework: a namespace is ready for a test when its account is there.
    await at.until(async () => (await at.find(`${at.in('v1')}/serviceaccounts/default`)) !== undefined);
    try {
      await run(at);
    } finally {
      at.hangUp();
    }
  });
}
