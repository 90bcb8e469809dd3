import { describe, expect, test } from 'vitest';
import { expand } from './expansion.ts';
import { isImageName } from './image-name.ts';
import { allocatable } from './node-resources.ts';
import { requestsOf } from './pod-requests.ts';
import { changedPods } from './pleg.ts';
import { qosClass } from './qos.ts';
import { preStopSeconds } from './terminate-pod.ts';
import { container, pod, ran, sandbox } from './test-objects.ts';
import { decodeBase64, needsOf } from './volumes.ts';

describe('a relist tells which Pods changed', () => {
  const one = sandbox();
  const other = sandbox(0, 'SANDBOX_READY', '10.244.1.3', 'u2');
  const running = ran('running a');
  test('the same lists: none', () => {
    const sandboxes = [one];
    const containers = [running];
    expect(changedPods(sandboxes, containers, sandboxes, containers).size).toBe(0);
    expect(changedPods([one], [running], [one], [running]).size).toBe(0);
  });
  test('a new container: its Pod, with all it has', () => expect(changedPods([one, other], [], [one, other], [running])).toEqual(new Map([['u1', { sandboxes: [one], containers: [running] }]])));
  test('a container that ended', () => expect([...changedPods([one, other], [running], [one, other], [ran('exited a 1')]).keys()]).toEqual(['u1']));
  test('a sandbox that is gone', () => expect(changedPods([one, other], [], [one], [])).toEqual(new Map([['u2', { sandboxes: [], containers: [] }]])));
});

test.each([['$(A)-$(B)', 'x-$(B)'], ['$$(A)', '$(A)'], ['$A', '$A'], ['plain', 'plain']])('%s becomes %s', (text, expected) => expect(expand(text, new Map([['A', 'x']]))).toBe(expected));

test.each([
  ['nginx', true], ['nginx:1.27', true], ['registry.k8s.io/pause:3.10', true], ['localhost:5000/a/b', true], ['<image>', false], ['Nginx', false], ['nginx:', false], ['a b', false], ['', false],
])('image name %s', (image, expected) => expect(isImageName(image)).toBe(expected));

test.each([
  [{}, 'BestEffort'], [{ requests: { cpu: '100m' } }, 'Burstable'], [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
  [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }, 'Guaranteed'], [{ limits: { cpu: '1' } }, 'Burstable'],
])('%j is %s', (resources, expected) => expect(qosClass(pod({ containers: [container('a', { resources })] }))).toBe(expected));

test('a Pod asks for its containers together, or for its largest init container', () => {
  const asks = (cpu: string) => ({ resources: { requests: { cpu } } });
  expect(requestsOf(pod({ containers: [container('a', asks('1')), container('b', asks('500m'))], initContainers: [container('i', asks('1'))] })).cpu).toBe(1_500);
  expect(requestsOf(pod({ containers: [container('a', asks('1'))], initContainers: [container('i', asks('3')), container('s', { ...asks('1'), restartPolicy: 'Always' })] })).cpu).toBe(3_000);
  expect(requestsOf(pod({ containers: [container('a', asks('1'))], initContainers: [container('s', { ...asks('1'), restartPolicy: 'Always' }), container('i', asks('3'))] })).cpu).toBe(4_000);
});

test('the eviction thresholds are not for Pods', () =>
  expect(allocatable({ cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' })).toEqual({ cpu: '4', memory: '8092Mi', pods: '110', 'ephemeral-storage': '96636764160' }));

test('what a Pod needs from the API server before it starts', () => {
  const needs = needsOf(pod({
    volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }] } }, { name: 'key', secret: { secretName: 'key', optional: true } }],
    containers: [container('a', { envFrom: [{ configMapRef: { name: 'settings' } }] })],
  }));
  expect(needs.token).toBe(true);
  expect(needs.volumes.map(({ resource, name, optional }) => `${resource}/${name}${optional ? '?' : ''}`)).toEqual(['configmaps/kube-root-ca.crt', 'secrets/key?']);
  expect(needs.variables.map(({ name }) => name)).toEqual(['settings']);
});

test('base64', () => expect([decodeBase64('cGFzc3dvcmQ='), decodeBase64('')]).toEqual(['password', '']));

test.each([
  [{ sleep: { seconds: 5 } }, 5], [{ exec: { command: ['sh', '-c', 'nginx -s quit; sleep 7'] } }, 7], [{ exec: { command: ['/bin/sleep', '3'] } }, 3], [{ httpGet: { port: 80 } }, 0],
])('preStop %j takes %i s', (preStop, expected) => expect(preStopSeconds(pod({ containers: [container('a', { lifecycle: { preStop } })] }), 'a')).toBe(expected));
