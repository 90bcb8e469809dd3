/** What no Pod of the level "baseline" may do. Models staging/src/k8s.io/pod-security-admission/policy/check_*.go, each in its newest version. */
import type { Container, PodSpec } from '../../api/index.ts';
import { badTypes, containersOf, containersText, different, namesWhere, plural, quoted, settersText, type Check } from './checks.ts';

const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';
const appArmorProfile: Check = (spec, { annotations = {} }) => {
  const bad = badTypes(spec, 'appArmorProfile', ['', 'RuntimeDefault', 'Localhost']);
  const said = Object.entries(annotations).filter(([key, value]) => key.startsWith(appArmorAnnotation) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort();
  if (bad === undefined && said.length === 0) return undefined;
  const details = [...(bad === undefined ? [] : [`${bad.setters} must not set AppArmor profile type to ${quoted(bad.values)}`]), ...said];
  return { reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', (bad?.values.length ?? 0) + said.length), detail: details.join(', ') };
};

const defaultCapabilities = ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'];
const addedBeyond = ({ securityContext }: Container): readonly string[] => (securityContext?.capabilities?.add ?? []).filter((one) => !defaultCapabilities.includes(one));
export const capabilitiesBaseline: Check = (spec) => {
  const names = namesWhere(spec, (container) => addedBeyond(container).length > 0);
  return names.length === 0 ? undefined : { reason: 'non-default capabilities', detail: `${containersText(names)} must not include ${quoted(different(containersOf(spec).flatMap(addedBeyond)))} in securityContext.capabilities.add` };
};

const hostNamespaces: Check = (spec) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name] === true);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.map((name) => `${name}=true`).join(', ') };
};

export const hostPathVolumes: Check = ({ volumes = [] }) => {
  const names = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` };
};

const hostPortsOf = ({ ports = [] }: Container): readonly string[] => ports.map(({ hostPort = 0 }) => hostPort).filter((port) => port !== 0).map(String);
const hostPorts: Check = (spec) => {
  const names = namesWhere(spec, (container) => hostPortsOf(container).length > 0);
  const ports = different(containersOf(spec).flatMap(hostPortsOf));
  return names.length === 0 ? undefined : { reason: 'hostPort', detail: `${containersText(names)} ${plural('uses', 'use', names.length)} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}` };
};

type Handler = { readonly httpGet?: { readonly host?: string }; readonly tcpSocket?: { readonly host?: string } } | undefined;
const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] =>
  ([livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop] as readonly Handler[])
    .flatMap((handler) => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? '']).filter((host) => host !== '');
const hostProbes: Check = (spec) => {
  const names = namesWhere(spec, (container) => hostsOf(container).length > 0);
  const hosts = different(containersOf(spec).flatMap(hostsOf));
  return names.length === 0 ? undefined : { reason: 'probe or lifecycle host', detail: `${containersText(names)} ${plural('uses', 'use', names.length)} probe or lifecycle ${plural('host', 'hosts', hosts.length)} ${quoted(hosts)}` };
};

const privileged: Check = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  return names.length === 0 ? undefined : { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` };
};

const isMasked = ({ securityContext }: Container): boolean => (securityContext?.procMount ?? 'Default') === 'Default';
const procMount: Check = (spec) => {
  const names = namesWhere(spec, (container) => !isMasked(container));
  const values = different(containersOf(spec).filter((container) => !isMasked(container)).map(({ securityContext }) => securityContext!.procMount!));
  return names.length === 0 ? undefined : { reason: 'procMount', detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(values)}` };
};

interface SeLinux { readonly type?: string; readonly user?: string; readonly role?: string }
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const isBadSeLinux = (options: unknown): boolean => {
  const { type = '', user = '', role = '' } = (options ?? {}) as SeLinux;
  return !seLinuxTypes.includes(type) || user !== '' || role !== '';
};
const seLinuxOptions: Check = (spec) => {
  const all = [spec.securityContext?.seLinuxOptions, ...containersOf(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBadSeLinux) as readonly SeLinux[];
  if (all.length === 0) return undefined;
  const types = different(all.map(({ type = '' }) => type).filter((type) => !seLinuxTypes.includes(type)));
  const said = [
    ...(types.length > 0 ? [`${plural('type', 'types', types.length)} ${quoted(types)}`] : []),
    ...(all.some(({ user = '' }) => user !== '') ? ['user may not be set'] : []), ...(all.some(({ role = '' }) => role !== '') ? ['role may not be set'] : []),
  ];
  const setters = settersText(isBadSeLinux(spec.securityContext?.seLinuxOptions), namesWhere(spec, ({ securityContext }) => isBadSeLinux(securityContext?.seLinuxOptions)));
  return { reason: 'seLinuxOptions', detail: `${setters} set forbidden securityContext.seLinuxOptions: ${said.join('; ')}` };
};

export const goodSeccomp = ['RuntimeDefault', 'Localhost'];
export const seccompBaseline: Check = (spec) => {
  const bad = badTypes(spec, 'seccompProfile', goodSeccomp);
  return bad === undefined ? undefined : { reason: 'seccompProfile', detail: `${bad.setters} must not set securityContext.seccompProfile.type to ${quoted(bad.values)}` };
};

const safeSysctls = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem',
];
const sysctls: Check = ({ securityContext }) => {
  const names = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safeSysctls.includes(name));
  return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
};

const isHostProcess = (options: unknown): boolean => (options as { readonly hostProcess?: boolean } | undefined)?.hostProcess === true;
const windowsHostProcess: Check = (spec: PodSpec) => {
  const setters = settersText(isHostProcess(spec.securityContext?.windowsOptions), namesWhere(spec, ({ securityContext }) => isHostProcess(securityContext?.windowsOptions)));
  return setters === '' ? undefined : { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};

/** In upstream's order, which is that of the checks' ids. */
export const baselineChecks: readonly Check[] = [
  appArmorProfile, capabilitiesBaseline, hostNamespaces, hostPathVolumes, hostPorts, hostProbes, privileged, procMount, seLinuxOptions, seccompBaseline, sysctls, windowsHostProcess,
];
