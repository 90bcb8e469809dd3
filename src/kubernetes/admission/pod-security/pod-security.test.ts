import { describe, expect, it } from 'vitest';
import type { Pod } from '../../api/index.ts';
import { namespaceWarnings, violation } from './evaluate.ts';
import { policyOf, type Level } from './policy.ts';

const pod = (container: object = {}, spec: object = {}, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', ...metadata }, spec: { containers: [{ name: 'c', image: 'nginx', ...container }], ...spec } }) as unknown as Pod;
const said = (level: Level, given: Pod): string | undefined => violation({ level, version: 'latest' }, given)?.replace(/^violate PodSecurity "\w+:latest": /, '');
const good = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

describe('baseline', () => {
  it.each<[Pod, string | undefined]>([
    [pod(), undefined],
    [pod({}, { hostNetwork: true, hostIPC: true }), 'host namespaces (hostNetwork=true, hostIPC=true)'],
    [pod({ securityContext: { privileged: true } }), 'privileged (container "c" must not set securityContext.privileged=true)'],
    [pod({ securityContext: { capabilities: { add: ['NET_ADMIN', 'CHOWN'] } } }), 'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)'],
    [pod({}, { volumes: [{ name: 'a', hostPath: { path: '/' } }, { name: 'b', hostPath: { path: '/x' } }] }), 'hostPath volumes (volumes "a", "b")'],
    [pod({ ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81, hostPort: 8081 }] }), 'hostPort (container "c" uses hostPorts 8080, 8081)'],
    [pod({ securityContext: { procMount: 'Unmasked' } }), 'procMount (container "c" must not set securityContext.procMount to "Unmasked")'],
    [pod({}, { securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u' } } }), 'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)'],
    [pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }, { securityContext: { seccompProfile: { type: 'Unconfined' } } }), 'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")'],
    [pod({}, { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }, { name: 'net.ipv4.tcp_syncookies', value: '1' }] } }), 'forbidden sysctls (kernel.msgmax)'],
    [pod({ securityContext: { windowsOptions: { hostProcess: true } } }), 'hostProcess (container "c" must not set securityContext.windowsOptions.hostProcess=true)'],
    [pod({ livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } }), 'probe or lifecycle host (container "c" uses probe or lifecycle host "10.0.0.1")'],
    [pod({}, { initContainers: [{ name: 'i', securityContext: { privileged: true } }], hostPID: true }), 'host namespaces (hostPID=true), privileged (container "i" must not set securityContext.privileged=true)'],
    [pod({}, {}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' } }), 'forbidden AppArmor profile (container.apparmor.security.beta.kubernetes.io/c="unconfined")'],
  ])('%#', (given, words) => { expect(said('baseline', given)).toBe(words); });
});

describe('restricted', () => {
  it.each<[Pod, string | undefined]>([
    [pod({ securityContext: good }), undefined],
    [pod(), 'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'],
    [pod({ securityContext: { ...good, capabilities: { drop: ['ALL'], add: ['SYS_TIME'] } } }), 'unrestricted capabilities (container "c" must not include "SYS_TIME" in securityContext.capabilities.add)'],
    [pod({ securityContext: good }, { volumes: [{ name: 'h', hostPath: { path: '/' } }, { name: 'e', emptyDir: {} }] }), 'restricted volume types (volume "h" uses restricted volume type "hostPath")'],
    [pod({ securityContext: { ...good, runAsUser: 0 } }), 'runAsUser=0 (container "c" must not set runAsUser=0)'],
    [pod({ securityContext: { ...good, runAsNonRoot: undefined } }, { securityContext: { runAsNonRoot: true } }), undefined],
    [pod({ securityContext: good }, { securityContext: { runAsNonRoot: false } }), 'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)'],
    [pod({ securityContext: good }, { hostNetwork: true }), 'host namespaces (hostNetwork=true)'],
    [pod({ securityContext: { runAsNonRoot: true } }, { os: { name: 'windows' } }), undefined],
    [pod({ securityContext: { ...good, runAsUser: 0 } }, { hostUsers: false }), undefined],
  ])('%#', (given, words) => { expect(said('restricted', given)).toBe(words); });
});

describe('a namespace', () => {
  const key = 'pod-security.kubernetes.io/enforce';
  it('names its levels by labels', () => {
    expect(policyOf(undefined).policy.enforce).toEqual({ level: 'privileged', version: 'latest' });
    expect(policyOf({ [key]: 'baseline', [`${key}-version`]: 'v1.30' })).toEqual({ policy: { enforce: { level: 'baseline', version: 'v1.30' }, audit: { level: 'privileged', version: 'latest' }, warn: { level: 'privileged', version: 'latest' } }, errors: [] });
    expect(policyOf({ [key]: 'strict', [`${key}-version`]: '1.30' }).errors.map(({ field, body }) => `${field}: ${body}`)).toEqual([
      `metadata.labels[${key}]: Invalid value: "strict": must be one of privileged, baseline, restricted`, `metadata.labels[${key}-version]: Invalid value: "1.30": must be "latest" or "v1.x"`]);
  });
  it('is told of Pods that would not be let in any more', () => {
    const named = (name: string, given: Pod): Pod => ({ ...given, metadata: { ...given.metadata, name } });
    expect(namespaceWarnings('shop', { level: 'baseline', version: 'latest' }, [named('a', pod({}, { hostPID: true })), named('b', pod({}, { hostPID: true })), named('c', pod()), named('d', pod({ securityContext: { privileged: true } }))])).toEqual([
      'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"', 'a (and 1 other pod): host namespaces', 'd: privileged']);
  });
});
