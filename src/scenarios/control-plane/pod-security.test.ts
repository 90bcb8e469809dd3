import { expect, test } from 'vitest';
import { Bench } from './bench.ts';

const level = (mode: string, name: string) => ({ [`pod-security.kubernetes.io/${mode}`]: name });
const namespace = (labels: object) => ({ verb: 'create', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } } }) as const;
const inShop = { group: '', version: 'v1', namespace: 'shop' } as const;
const pod = (name: string, spec: object = {}) => ({ verb: 'create', ...inShop, resource: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec } } }) as const;
const account = { verb: 'create', ...inShop, resource: 'serviceaccounts', body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } } } as const;
const template = { metadata: { labels: { app: 'web' } }, spec: { hostNetwork: true, containers: [{ name: 'c', image: 'nginx' }] } };
const deployment = { verb: 'create', group: 'apps', version: 'v1', namespace: 'shop', resource: 'deployments', body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template } } } as const;
const relabel = (labels: object) => ({ verb: 'patch', resource: 'namespaces', name: 'shop', patchType: 'application/merge-patch+json', body: { metadata: { labels } } }) as const;

test('what a namespace enforces is refused, what it warns of is told and stored', () => {
  const bench = new Bench();
  bench.object(namespace({ ...level('enforce', 'baseline'), ...level('warn', 'restricted') }));
  bench.object(account);
  expect(bench.refusal(pod('rude', { hostNetwork: true }))).toBe('403 pods "rude" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)');
  const { code, warnings } = bench.ask(pod('fair'));
  expect([code, warnings]).toEqual([201, ['would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")']]);
  const made = bench.ask(deployment);
  expect([made.code, made.warnings?.length, made.warnings?.[0]]).toEqual([201, 1, expect.stringContaining('would violate PodSecurity "restricted:latest": host namespaces (hostNetwork=true), allowPrivilegeEscalation')]);
});

test('labels must be readable, and a stricter one tells of the Pods that are there', () => {
  const bench = new Bench();
  expect(bench.refusal(namespace(level('enforce', 'strict')))).toBe('422 Namespace "shop" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted');
  bench.object(namespace({}));
  bench.object(account);
  bench.object(pod('rude', { hostPID: true }));
  bench.run(1);
  expect(bench.ask(relabel(level('enforce', 'baseline'))).warnings).toEqual(['existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"', 'rude: host namespaces']);
  expect(bench.refusal(relabel(level('warn', 'none')))).toContain('metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "none"');
  expect(bench.ask(relabel(level('enforce', 'privileged'))).warnings).toBeUndefined();
});
