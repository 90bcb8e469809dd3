import { describe, expect, test } from 'vitest';
import { nodeStates, notReady, podStates } from '../../session/port/mass-status.ts';
import type { MassTable } from '../../session/port/mass-status.ts';
import { massPlace, massSelection, nodeOfPod, podNameAt } from '../mass-names.ts';
import { findInMass, litTiles, massLightOf } from './mass-matches.ts';
import { parseSearch } from './search-query.ts';

const state = (name: (typeof podStates)[number]): number => podStates.indexOf(name);

/** node-1 has pod-1 to pod-3, node-2 none, node-3 pod-4 and pod-5 and is lost. */
const table: MassTable = {
  origin: 'synthetic', nodeNames: ['node-1', 'node-2', 'node-3'], nodes: Uint8Array.of(0, nodeStates.indexOf('Ready,SchedulingDisabled'), notReady), requested: new Uint8Array(3),
  podStart: Uint32Array.of(0, 3, 3, 5), pods: Uint8Array.of(state('Running'), state('Pending'), state('failing'), state('Running, not ready'), state('Succeeded')),
};

const found = (text: string): string => {
  const parsed = parseSearch(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const { mass, onStage, ofStage } = findInMass(parsed.query, table);
  expect(ofStage).toBe(8);
  expect(onStage).toBe([...mass.nodes, ...mass.pods].filter(Boolean).length);
  return [...[...mass.nodes].flatMap((lit, node) => (lit ? [table.nodeNames[node]!] : [])), ...[...mass.pods].flatMap((lit, pod) => (lit ? [podNameAt(table, pod)] : []))].join(' ');
};

describe('what matches among statuses without rows', () => {
  test.each([
    ['kind:pod', 'pod-1 pod-2 pod-3 pod-4 pod-5'],
    ['kind:node', 'node-1 node-2 node-3'],
    ['kind:deployment', ''],
    ['kind:pod status:pending', 'pod-2'],
    ['status:notready', 'node-3 pod-2 pod-3 pod-4 pod-5'],
    ['status:cordoned', 'node-2'],
    ['status:failing,pending', 'pod-2 pod-3'],
    ['node:node-3', 'node-3 pod-4 pod-5'],
    ['node:node-3 kind:pod', 'pod-4 pod-5'],
    ['name:pod-4', 'pod-4'],
    ['name:*-3', 'node-3 pod-3'],
    ['node-1', 'node-1 pod-1 pod-2 pod-3'],
    ['completed', 'pod-5'],
    ['ns:default', 'pod-1 pod-2 pod-3 pod-4 pod-5'],
    ['ns:kube-system', ''],
    // Statuses have no labels, so none can match.
    ['app=web', ''],
  ])('%s', (text, expected) => expect(found(text)).toBe(expected));

  test('a tile is lit when anything in it is', () => {
    expect([...litTiles({ nodes: Uint8Array.of(0, 1, 0), pods: Uint8Array.of(0, 0, 0, 0, 1) }, table)]).toEqual([0, 1, 1]);
  });
});

describe('names of tiles and of Pods in them', () => {
  const withRows: MassTable = { ...table, origin: 'world', podKeys: ['a', 'b', 'c', 'd', 'e'].map((name) => `object/Pod/shop/${name}`) };

  test.each([
    ['object/Node//node-2', { node: 1, pod: -1 }], ['object/Pod/default/pod-4', { node: 2, pod: 3 }], ['object/Pod/default/pod-6', undefined],
    ['object/Pod/default/pod-04', undefined], ['object/Node//node-9', undefined], ['component/node-1/kubelet', undefined],
  ])('%s', (key, place) => expect(massPlace(table, key)).toEqual(place));

  test('with rows they are called by their rows', () => {
    expect(massPlace(withRows, 'object/Pod/shop/d')).toEqual({ node: 2, pod: 3 });
    expect(massSelection(withRows, { node: 2, pod: 3 })).toEqual({ type: 'object', key: 'object/Pod/shop/d', apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'd' });
    expect([...massLightOf(new Set(['object/Pod/shop/b', 'object/Node//node-3']), withRows).pods]).toEqual([0, 1, 0, 0, 0]);
  });

  test('each Pod is on the node whose it is, also beside nodes that have none', () => {
    expect([0, 1, 2, 3, 4].map((pod) => nodeOfPod(table, pod))).toEqual([0, 0, 0, 2, 2]);
  });
});
