import { describe, expect, test } from 'vitest';
import type { PodStatus } from '../../kubernetes/api/index.ts';
import { finalStatus, podStatus } from './pod-status.ts';
import { statusPatch } from './report-status.ts';
import { container, pod, runtime, sandbox } from './test-objects.ts';

const statusOf = (of: Parameters<typeof pod>[0], runs: ReturnType<typeof runtime>, more: Partial<Parameters<typeof podStatus>[0]> = {}): PodStatus =>
  podStatus({ pod: pod(of), runtime: runs, reasons: {}, old: undefined, nodeIp: '172.18.0.3', nowUs: 9_000_000, podIsTerminal: false, ...more });
const conditions = (status: PodStatus): string => status.conditions!.map(({ type, status: is, reason, message }) => `${type}=${is}${reason === undefined ? '' : ` ${reason}`}${message === undefined ? '' : ` (${message})`}`).join('\n');
const states = (status: PodStatus): string => [...(status.initContainerStatuses ?? []), ...status.containerStatuses!]
  .map(({ name, state, ready, restartCount }) => `${name} ${Object.keys(state!)[0]} ${state!.waiting?.reason ?? state!.terminated?.reason ?? ''} ${ready ? 'ready' : 'unready'} ${restartCount}`).join(', ');

describe('phase and conditions', () => {
  const two = { containers: [container('a'), container('b')] };
  const init = { initContainers: [container('i')], containers: [container('a')] };
  const onFailure = { restartPolicy: 'OnFailure' as const };
  const never = { restartPolicy: 'Never' as const, ...two };
  const cases: [what: string, status: PodStatus, phase: string, states: string, ready: string][] = [
    ['nothing yet', statusOf(two, runtime([], [])), 'Pending', 'a waiting ContainerCreating unready 0, b waiting ContainerCreating unready 0', 'Ready=False ContainersNotReady (containers with unready status: [a b])'],
    ['one of two runs', statusOf(two, runtime(['running a'])), 'Pending', 'a running  ready 0, b waiting ContainerCreating unready 0', 'Ready=False ContainersNotReady (containers with unready status: [b])'],
    ['both run', statusOf(two, runtime(['running a', 'running b'])), 'Running', 'a running  ready 0, b running  ready 0', 'Ready=True'],
    ['one crashed', statusOf(two, runtime(['running a', 'exited b 1'])), 'Running', 'a running  ready 0, b terminated Error unready 0', 'Ready=False ContainersNotReady (containers with unready status: [b])'],
    ['it waits for its back-off', statusOf({}, runtime(['exited a 1 #3']), { reasons: { a: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } } }), 'Running', 'a waiting CrashLoopBackOff unready 3', 'Ready=False ContainersNotReady (containers with unready status: [a])'],
    ['OnFailure: a failure is not the end', statusOf(onFailure, runtime(['exited a 1'])), 'Running', 'a terminated Error unready 0', 'Ready=False ContainersNotReady (containers with unready status: [a])'],
    ['OnFailure: success is', statusOf(onFailure, runtime(['exited a 0'])), 'Succeeded', 'a terminated Completed unready 0', 'Ready=False PodCompleted'],
    ['Never: one failed, one succeeded', statusOf(never, runtime(['exited a 1', 'exited b 0'])), 'Failed', 'a terminated Error unready 0, b terminated Completed unready 0', 'Ready=False PodFailed'],
    ['Never: one still runs', statusOf(never, runtime(['exited a 1', 'running b'])), 'Running', 'a terminated Error unready 0, b running  ready 0', 'Ready=False ContainersNotReady (containers with unready status: [a])'],
    ['an init container runs', statusOf(init, runtime(['running i'])), 'Pending', 'i running  unready 0, a waiting PodInitializing unready 0', 'Ready=False ContainersNotReady (containers with unready status: [a])'],
    ['an init container failed for good', statusOf({ ...init, restartPolicy: 'Never' }, runtime(['exited i 1'])), 'Failed', 'i terminated Error unready 0, a waiting PodInitializing unready 0', 'Ready=False PodFailed'],
    ['torn down after exit 0', statusOf({}, runtime(['exited a 0']), { podIsTerminal: true }), 'Succeeded', 'a terminated Completed unready 0', 'Ready=False PodCompleted'],
    ['torn down after being killed', statusOf({}, runtime(['exited a 137']), { podIsTerminal: true }), 'Failed', 'a terminated Error unready 0', 'Ready=False PodFailed'],
  ];
  test.each(cases)('%s', (_, status, phase, expected, ready) => {
    expect([status.phase, states(status)]).toEqual([phase, expected]);
    expect(conditions(status).split('\n')).toContain(ready);
  });

  test('all five conditions of a Pod whose init container runs', () => {
    expect(conditions(statusOf(init, runtime(['running i'])))).toBe([
      'PodReadyToStartContainers=True',
      'Initialized=False ContainersNotInitialized (containers with incomplete status: [i])',
      'Ready=False ContainersNotReady (containers with unready status: [a])',
      'ContainersReady=False ContainersNotReady (containers with unready status: [a])',
      'PodScheduled=True',
    ].join('\n'));
  });

  test('how a container ended before is kept when it runs again', () => {
    const status = statusOf({}, runtime(['exited a 3 #0', 'running a 0 #1']));
    expect(status.containerStatuses![0]).toMatchObject({ restartCount: 1, ready: true, lastState: { terminated: { exitCode: 3, finishedAt: '2026-01-01T00:00:05Z' } } });
  });

  test('transition times are kept while a condition does not turn', () => {
    const first = statusOf({}, runtime([], []), { nowUs: 1_000_000 });
    const later = statusOf({}, runtime(['running a']), { nowUs: 20_000_000, old: first });
    const time = (status: PodStatus, type: string) => status.conditions!.find((one) => one.type === type)!.lastTransitionTime;
    expect([time(later, 'Initialized'), time(later, 'Ready'), later.startTime]).toEqual(['2026-01-01T00:00:01Z', '2026-01-01T00:00:20Z', '2026-01-01T00:00:01Z']);
  });

  test('readiness gates hold a Pod back that is otherwise ready', () => {
    expect(conditions(statusOf({ readinessGates: [{ conditionType: 'example.com/lb' }] }, runtime(['running a']))))
      .toContain('Ready=False ReadinessGatesNotReady (corresponding condition of pod readiness gate "example.com/lb" does not exist.)');
  });

  test('addresses: the sandbox\'s, the node\'s for the host network, the last one after the end', () => {
    expect(statusOf({}, runtime(['running a'])).podIP).toBe('10.244.1.2');
    expect(statusOf({ hostNetwork: true }, runtime([], [])).podIP).toBe('172.18.0.3');
    const old = statusOf({}, runtime(['running a']));
    expect(statusOf({}, runtime(['exited a 0'], [sandbox(0, 'SANDBOX_NOTREADY')]), { old }).podIP).toBe('10.244.1.2');
  });
});

test('what never ran, or was lost, has failed once the Pod is torn down', () => {
  const status = finalStatus(statusOf({}, runtime([], [])));
  expect([status.phase, states(status)]).toEqual(['Failed', 'a terminated ContainerStatusUnknown unready 0']);
  const ended = statusOf({}, runtime(['exited a 0']), { podIsTerminal: true });
  expect(finalStatus(ended)).toEqual(ended);
});

describe('the status patch', () => {
  const first = statusOf({}, runtime([], []), { nowUs: 1_000_000 });
  test('is nothing where nothing changed', () => expect(statusPatch({ ...pod(), status: first }, first)).toBeUndefined());
  test('carries the uid and only what changed, and keeps conditions of others', () => {
    const gate = { type: 'example.com/lb', status: 'True' as const };
    const now = statusOf({}, runtime(['running a']), { nowUs: 20_000_000, old: first });
    const patch = statusPatch({ ...pod(), status: { ...first, conditions: [gate, ...first.conditions!] } }, now) as { metadata: object; status: { [field: string]: unknown } };
    expect(patch.metadata).toEqual({ uid: 'u1' });
    expect(Object.keys(patch.status).sort()).toEqual(['$setElementOrder/conditions', 'conditions', 'containerStatuses', 'phase', 'podIP', 'podIPs']);
    expect((patch.status.conditions as { type: string }[]).map(({ type }) => type)).toEqual(['PodReadyToStartContainers', 'Ready', 'ContainersReady']);
    expect((patch.status['$setElementOrder/conditions'] as object[]).length).toBe(6);
  });
});
