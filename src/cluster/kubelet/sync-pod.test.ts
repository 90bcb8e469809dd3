import { describe, expect, test } from 'vitest';
import { computePodActions } from './sync-pod.ts';
import { container, pod, runtime, sandbox } from './test-objects.ts';

const two = { containers: [container('a'), container('b')] };
const init = { initContainers: [container('i'), container('j')], containers: [container('a')] };
const sidecar = { initContainers: [container('s', { restartPolicy: 'Always' })], containers: [container('a')] };
const dead = [sandbox(0, 'SANDBOX_NOTREADY')];

describe('what one sync does', () => {
  const cases: [what: string, of: Parameters<typeof pod>[0], runs: ReturnType<typeof runtime>, expected: string][] = [
    ['a new Pod gets a sandbox and all containers', two, runtime([], []), 'kill, sandbox 0, start a b'],
    ['a running Pod is left alone', two, runtime(['running a', 'running b']), ''],
    ['a container that is missing is started', two, runtime(['running a']), 'start b'],
    ['Always restarts what succeeded', {}, runtime(['exited a 0']), 'start a'],
    ['OnFailure restarts what failed', { restartPolicy: 'OnFailure' }, runtime(['exited a 1']), 'start a'],
    ['OnFailure leaves what succeeded, and then nothing is left', { restartPolicy: 'OnFailure' }, runtime(['exited a 0']), 'kill'],
    ['Never restarts nothing', { restartPolicy: 'Never' }, runtime(['exited a 1']), 'kill'],
    ['Never waits for the container that still runs', { ...two, restartPolicy: 'Never' }, runtime(['exited a 1', 'running b']), ''],
    ['a dead sandbox is made again, with everything in it', two, runtime(['exited a 255', 'exited b 255'], dead), 'kill, sandbox 1, start a b'],
    ['a dead sandbox of a Pod that never restarts stays dead', { restartPolicy: 'Never' }, runtime(['exited a 255'], dead), 'kill'],
    ['a dead sandbox without containers is made again even so', { restartPolicy: 'Never' }, runtime([], dead), 'kill, sandbox 1, start a'],
    ['two ready sandboxes are one too many', {}, runtime(['running a'], [sandbox(1), sandbox(0)]), 'kill, sandbox 2, start a'],
    ['a sandbox without an address is no use', {}, runtime([], [sandbox(0, 'SANDBOX_READY', '')]), 'kill, sandbox 1, start a'],
    ['a Pod of the host network needs no address', { hostNetwork: true }, runtime([], [sandbox(0, 'SANDBOX_READY', '')]), 'start a'],
    ['init containers go first, the first one alone', init, runtime([], []), 'kill, sandbox 0, start i'],
    ['the second waits for the first', init, runtime(['running i']), ''],
    ['and follows it', init, runtime(['exited i 0']), 'start j'],
    ['the containers follow the last', init, runtime(['exited i 0', 'exited j 0']), 'start a'],
    ['a failed init container is tried again', init, runtime(['exited i 1']), 'start i'],
    ['unless the Pod never restarts', { ...init, restartPolicy: 'Never' }, runtime(['exited i 1']), 'kill'],
    ['init containers do not run again beside running containers', init, runtime(['running a']), ''],
    ['a sidecar runs before the containers start', sidecar, runtime(['running s']), 'start a'],
    ['and comes back when it ends', sidecar, runtime(['exited s 0', 'running a']), 'start s'],
  ];
  test.each(cases)('%s', (_, of, runs, expected) => {
    const { killPod, createSandbox, attempt, start } = computePodActions(pod(of), runs);
    const said = [...(killPod ? ['kill'] : []), ...(createSandbox ? [`sandbox ${attempt}`] : []), ...(start.length > 0 ? [`start ${start.join(' ')}`] : [])];
    expect(said.join(', ')).toBe(expected);
  });

  test('nothing is started in a Pod that is being deleted', () => {
    expect(computePodActions(pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), runtime(['exited a 1'])).start).toEqual([]);
  });
});
