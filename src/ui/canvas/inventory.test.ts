import { expect, test } from 'vitest';
import type { Row } from '../../session/port/rows.ts';
import { storedObjects } from '../../store/stored-objects.ts';
import { viewOf } from '../../store/rows-view.ts';
import { steadyInventory } from './inventory.ts';

const rowsWith = (...pods: readonly string[]): Readonly<Record<string, Row>> => Object.fromEntries(pods.map((name) => [`object/Pod/default/${name}`, {
  apiVersion: 'v1', kind: 'Pod', namespace: 'default', name, uid: name, resourceVersion: '1', createdAtUs: 0, deleting: false, labels: {}, type: 'pod', node: '', phase: 'Pending', status: 'Pending', ready: false, ip: '',
  restarts: 0, containers: [], ownerUid: '', ownerName: '', cpuMillis: 0, memoryBytes: 0, message: '',
}]));

test('two futures that are asked for in turns each get the same answer again, so that neither stage is drawn without end', () => {
  const [here, there] = [rowsWith('a'), rowsWith('a', 'b')];
  for (const read of [steadyInventory, storedObjects, viewOf]) {
    const [first, second] = [read(here), read(there)];
    expect([read(here) === first, read(there) === second, first === second]).toEqual([true, true, false]);
  }
});
