import { describe, expect, it } from 'vitest';
import type { Pod } from '../api/index.ts';
import { brokenLimits, withDefaults, type LimitRange } from './limit-ranges.ts';

const range = (...limits: object[]): LimitRange => ({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'limits' }, spec: { limits } }) as unknown as LimitRange;
const pod = (...containers: object[]): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: containers.map((resources, at) => ({ name: `c${at}`, resources })) } }) as unknown as Pod;
const claim = (storage: string) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { resources: { requests: { storage } } } }) as never;

describe('defaults', () => {
  const limits = [range({ type: 'Container', default: { cpu: '500m', memory: '512Mi' }, defaultRequest: { cpu: '250m', memory: '256Mi' } })];
  it('fills what is missing, and says so', () => {
    const filled = withDefaults(pod({}, { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } }), limits);
    expect(filled.spec.containers.map(({ resources }) => resources)).toEqual([
      { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
      { requests: { cpu: '1', memory: '256Mi' }, limits: { cpu: '2', memory: '1Gi' } },
    ]);
    expect(filled.metadata.annotations).toEqual({ 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu, memory request for container c0; cpu, memory limit for container c0; memory request for container c1' });
  });
  it('leaves alone what is complete', () => {
    const complete = pod({ requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } });
    expect(withDefaults(complete, limits)).toBe(complete);
  });
});

describe('limits', () => {
  it.each<[string, object, Parameters<typeof brokenLimits>[0], string | undefined]>([
    ['enough', { type: 'Container', min: { cpu: '100m' } }, pod({ requests: { cpu: '100m' } }), undefined],
    ['too little asked for', { type: 'Container', min: { cpu: '100m' } }, pod({ requests: { cpu: '50m' } }), 'minimum cpu usage per Container is 100m, but request is 50m'],
    ['nothing asked for', { type: 'Container', min: { memory: '1Mi' } }, pod({}), 'minimum memory usage per Container is 1Mi.  No request is specified'],
    ['too low a limit', { type: 'Container', min: { cpu: '1' } }, pod({ requests: { cpu: '1' }, limits: { cpu: '500m' } }), 'minimum cpu usage per Container is 1, but limit is 500m'],
    ['too high a limit', { type: 'Container', max: { cpu: '1' } }, pod({ limits: { cpu: '2' } }), 'maximum cpu usage per Container is 1, but limit is 2'],
    ['no limit', { type: 'Container', max: { cpu: '1' } }, pod({ requests: { cpu: '2' } }), 'maximum cpu usage per Container is 1.  No limit is specified'],
    ['too high a request', { type: 'Container', max: { cpu: '1' } }, pod({ requests: { cpu: '2' }, limits: { cpu: '1' } }), 'maximum cpu usage per Container is 1, but request is 2'],
    ['two wrong things', { type: 'Container', max: { cpu: '1', memory: '1Gi' } }, pod({ limits: { cpu: '2', memory: '2Gi' } }), '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]'],
    ['too wide a ratio', { type: 'Container', maxLimitRequestRatio: { cpu: '2' } }, pod({ requests: { cpu: '100m' }, limits: { cpu: '250m' } }), 'cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000'],
    ['a ratio of nothing', { type: 'Container', maxLimitRequestRatio: { cpu: '2' } }, pod({ limits: { cpu: '1' } }), 'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0'],
    ['a Pod in all', { type: 'Pod', max: { memory: '1Gi' } }, pod({ limits: { memory: '600Mi' } }, { limits: { memory: '600Mi' } }), 'maximum memory usage per Pod is 1Gi, but limit is 1200Mi'],
    ['a claim that is too large', { type: 'PersistentVolumeClaim', max: { storage: '2Gi' } }, claim('3Gi'), 'maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi'],
    ['a claim that is too small', { type: 'PersistentVolumeClaim', min: { storage: '2Gi' } }, claim('1Gi'), 'minimum storage usage per PersistentVolumeClaim is 2Gi, but request is 1Gi'],
    ['limits of another type', { type: 'PersistentVolumeClaim', max: { storage: '2Gi' } }, pod({}), undefined],
  ])('%s', (_what, item, object, words) => { expect(brokenLimits(object, [range(item)])).toBe(words); });
});
