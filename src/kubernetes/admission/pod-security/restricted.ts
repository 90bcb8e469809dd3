/** What a Pod of the level "restricted" must do beside. Models staging/src/k8s.io/pod-security-admission/policy/check_*.go, each in its newest version. */
import type { PodSpec } from '../../api/index.ts';
import { baselineChecks, capabilitiesBaseline, goodSeccomp, hostPathVolumes, seccompBaseline } from './baseline.ts';
import { containersOf, containersText, different, namesWhere, plural, quoted, settersText, type Check } from './checks.ts';

/** Some of it means nothing on Windows. */
const onLinux = (check: Check): Check => (spec, metadata) => (spec.os?.name === 'windows' ? undefined : check(spec, metadata));
/** Root in a user namespace is nobody outside. Models helpers.go: relaxPolicyForUserNamespacePod. */
const withoutUserNamespace = (check: Check): Check => (spec, metadata) => (spec.hostUsers === false ? undefined : check(spec, metadata));

const allowPrivilegeEscalation = onLinux((spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  return names.length === 0 ? undefined : { reason: 'allowPrivilegeEscalation != false', detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false` };
});

const capabilities = onLinux((spec) => {
  const keeping = namesWhere(spec, ({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') !== true);
  const beyond = (add: readonly string[] = []): readonly string[] => add.filter((one) => one !== 'NET_BIND_SERVICE');
  const adding = namesWhere(spec, ({ securityContext }) => beyond(securityContext?.capabilities?.add).length > 0);
  const added = different(containersOf(spec).flatMap(({ securityContext }) => beyond(securityContext?.capabilities?.add)));
  const details = [
    ...(keeping.length > 0 ? [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0 ? [`${containersText(adding)} must not include ${quoted(added)} in securityContext.capabilities.add`] : []),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
});

const freeVolumes = ['name', 'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret', 'image'];
const volumes: Check = ({ volumes: all = [] }) => {
  const bad = all.map((volume) => ({ name: volume.name, type: Object.keys(volume).find((key) => !freeVolumes.includes(key)) })).filter(({ type }) => type !== undefined);
  if (bad.length === 0) return undefined;
  const types = different(bad.map(({ type }) => type!));
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))} ${plural('uses', 'use', bad.length)} ${plural('restricted volume type', 'restricted volume types', types.length)} ${quoted(types)}`,
  };
};

const runAsNonRoot = withoutUserNamespace((spec) => {
  const reason = 'runAsNonRoot != true';
  const pod = spec.securityContext?.runAsNonRoot;
  const setters = settersText(pod === false, namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false));
  if (setters !== '') return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  const silent = pod === true ? [] : namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
});

const runAsUser = withoutUserNamespace((spec: PodSpec) => {
  const setters = settersText(spec.securityContext?.runAsUser === 0, namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0));
  return setters === '' ? undefined : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
});

const seccomp = onLinux((spec, metadata) => {
  const bad = seccompBaseline(spec, metadata);
  if (bad !== undefined) return bad;
  const pod = (spec.securityContext?.seccompProfile as { readonly type?: string } | undefined)?.type ?? '';
  const silent = goodSeccomp.includes(pod) ? [] : namesWhere(spec, ({ securityContext }) => (securityContext?.seccompProfile ?? undefined) === undefined);
  return silent.length === 0 ? undefined : { reason: 'seccompProfile', detail: `pod or ${containersText(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
});

/** Those of "baseline" come first, but for three that the stricter ones take the place of. */
export const restrictedChecks: readonly Check[] = [
  ...baselineChecks.filter((check) => check !== capabilitiesBaseline && check !== hostPathVolumes && check !== seccompBaseline),
  allowPrivilegeEscalation, capabilities, volumes, runAsNonRoot, runAsUser, seccomp,
];
