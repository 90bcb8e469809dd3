import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/index.ts';
import { podVolumes, refusalsOf, workOn, type StorageView } from './pod-volumes.ts';
import { findBestVolume, findVolume, mismatch, withClaim, type Claim, type Volume } from './volumes.ts';

const claim = (spec: Partial<Claim['spec']> = {}, more: Partial<Claim['metadata']> = {}): Claim =>
  ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default', uid: 'c', ...more }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } }) as Claim;
const on = (node: string) => ({ required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'host', operator: 'In' as const, values: [node] }] }] } });
const volume = (name: string, storage: string, spec: Partial<Volume['spec']> = {}, more: object = {}): Volume =>
  ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name, uid: name, ...more }, spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], ...spec }, status: { phase: 'Available' } }) as Volume;
const node = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { host: name } } }) as KubeObject;
const mine = { name: 'data', namespace: 'default', uid: 'c' };

describe('the volume for a claim', () => {
  test.each<[string, Claim, readonly Volume[], Parameters<typeof findVolume>[2], string | undefined]>([
    ['is the smallest that will do', claim(), [volume('big', '9Gi'), volume('fit', '2Gi'), volume('less', '500Mi')], {}, 'fit'],
    ['is not one of another class', claim({ storageClassName: 'fast' }), [volume('slow', '2Gi'), volume('quick', '3Gi', { storageClassName: 'fast' })], {}, 'quick'],
    ['nor one that another has', claim(), [volume('taken', '1Gi', { claimRef: { ...mine, name: 'other' } }), volume('free', '2Gi')], {}, 'free'],
    ['nor one that goes', claim(), [volume('going', '1Gi', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })], {}, undefined],
    ['nor one of another mode', claim({ volumeMode: 'Block' }), [volume('files', '1Gi')], {}, undefined],
    ['nor one that allows too little', claim({ accessModes: ['ReadWriteMany'] }), [volume('one', '1Gi')], {}, undefined],
    ['has the labels that it asks for', claim({ selector: { matchLabels: { disk: 'ssd' } } }), [volume('hdd', '1Gi'), volume('ssd', '2Gi', {}, { labels: { disk: 'ssd' } })], {}, 'ssd'],
    ['is the one that is kept for it, however large', claim(), [volume('fit', '1Gi'), volume('kept', '9Gi', { claimRef: { name: 'data', namespace: 'default' } })], {}, 'kept'],
    ['is reached from the node', claim(), [volume('there', '1Gi', { nodeAffinity: on('b') }), volume('here', '2Gi', { nodeAffinity: on('a') })], { node: node('a') }, 'here'],
    ['is none while it waits for a consumer', claim(), [volume('fit', '1Gi')], { waits: true }, undefined],
    ['is not chosen twice', claim(), [volume('fit', '1Gi'), volume('next', '2Gi')], { chosen: new Set(['fit']) }, 'next'],
  ])('%s', (_title, of, among, search, wanted) => expect(findVolume(of, among, search)?.metadata.name).toBe(wanted));

  test('of few access modes comes before one of many, though it is larger', () => {
    expect(findBestVolume(claim(), [volume('many', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }), volume('few', '5Gi')], false)?.metadata.name).toBe('few');
  });

  test('that it names has to do', () => {
    expect(mismatch(volume('v', '500Mi'), claim())).toBe('requested PV is too small');
    expect(mismatch(volume('v', '1Gi', { storageClassName: 'x' }), claim())).toBe('storageClassName does not match');
    expect(mismatch(volume('v', '1Gi'), claim())).toBeUndefined();
  });

  test('takes its name, and says who bound it where nobody had', () => {
    expect(withClaim(volume('v', '1Gi'), claim())).toMatchObject({ spec: { claimRef: { kind: 'PersistentVolumeClaim', ...mine } }, metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } } });
    expect(withClaim(volume('v', '1Gi', { claimRef: { name: 'data', namespace: 'default' } }), claim()).metadata.annotations).toBeUndefined();
    const bound = volume('v', '1Gi', { claimRef: mine });
    expect(withClaim(bound, claim())).toBe(bound);
  });
});

describe("a Pod's claims", () => {
  const completed = { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } };
  const view = (claims: readonly Claim[], volumes: readonly Volume[] = []): StorageView => ({
    claim: (_namespace, name) => claims.find(({ metadata }) => metadata.name === name), volume: (name) => volumes.find(({ metadata }) => metadata.name === name), volumes: () => volumes,
    storageClass: (name) => (name === 'late' ? { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' } : name === 'made' ? { provisioner: 'example.com/disks', volumeBindingMode: 'WaitForFirstConsumer' } : undefined) as never,
  });
  const of = (...given: Parameters<typeof view>) => podVolumes('default', ['data'], view(...given));
  test.each<[string, readonly Claim[], string | undefined]>([
    ['that is not there', [], 'persistentvolumeclaim "data" not found'],
    ['that has lost its volume', [{ ...claim({ volumeName: 'v' }), status: { phase: 'Lost' } }], 'persistentvolumeclaim "data" bound to non-existent persistentvolume "v"'],
    ['that goes', [claim({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })], 'persistentvolumeclaim "data" is being deleted'],
    ['that is to be bound at once', [claim()], 'pod has unbound immediate PersistentVolumeClaims'],
    ['that names a volume, though its class waits', [claim({ storageClassName: 'late', volumeName: 'v' })], 'pod has unbound immediate PersistentVolumeClaims'],
    ['that waits for its consumer', [claim({ storageClassName: 'late' })], undefined],
    ['that is bound', [claim({ volumeName: 'v' }, completed)], undefined],
  ])('%s', (_title, claims, refusal) => expect(of(claims).refusal).toBe(refusal));

  test('keep it from nodes', () => {
    const bound = of([claim({ volumeName: 'v' }, completed)], [volume('v', '1Gi', { nodeAffinity: on('a') })]);
    expect([refusalsOf(bound, node('a')), refusalsOf(bound, node('b'))]).toEqual([[], ["node(s) didn't match PersistentVolume's node affinity"]]);
    expect(refusalsOf(of([claim({ volumeName: 'v' }, completed)]), node('a'))).toEqual(['node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)']);
    const waiting = of([claim({ storageClassName: 'late' })], [volume('v', '1Gi', { storageClassName: 'late', nodeAffinity: on('a') })]);
    expect([refusalsOf(waiting, node('a')), refusalsOf(waiting, node('b'))]).toEqual([[], ["node(s) didn't find available persistent volumes to bind"]]);
    expect(workOn(waiting, node('a'))).toMatchObject({ volumes: [{ metadata: { name: 'v' }, spec: { claimRef: mine } }], claims: [] });
  });

  test('of a class that somebody serves name the node', () => {
    const made = of([claim({ storageClassName: 'made' })]);
    expect(workOn(made, node('a'))).toMatchObject({ volumes: [], claims: [{ metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'a' } } }] });
    expect(refusalsOf(of([claim({ storageClassName: 'made' }, { annotations: { 'volume.kubernetes.io/selected-node': 'b' } })]), node('a'))).toEqual(["node(s) didn't find available persistent volumes to bind"]);
  });
});
