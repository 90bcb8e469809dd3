/** Containers. Models pkg/apis/core/validation/validation.go: validateContainers, validateInitContainers, validateContainerCommon. */
import type { Container, ContainerPort, EnvFromSource, EnvVar, EphemeralContainer, HTTPGetAction, Lifecycle, LifecycleHandler, PodSpec, Probe, Volume } from '../core-v1-pod.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required } from '../../apimachinery/field-errors.ts';
import {
  configMapKeyErrors, dns1123LabelErrors, dns1123SubdomainErrors, envVarNameErrors, httpHeaderNameErrors, inclusiveRangeError, portNameErrors, portNumberErrors,
} from '../../apimachinery/names.ts';
import { validateMounts } from './core-v1-volumes.ts';
import { pushInvalid, validateNonNegative } from './metadata.ts';
import { validatePortOrName, validateProtocol } from './ports-and-taints.ts';
import type { Errors } from './metadata.ts';
import { validateResources } from './core-v1-resources.ts';

interface Surroundings {
  readonly spec: PodSpec;
  readonly volumes: ReadonlyMap<string, Volume>;
}

function validatePorts(errors: Errors, ports: readonly ContainerPort[], path: string): void {
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const at = `${path}[${index}]`;
    if (port.name) {
      const messages = portNameErrors(port.name);
      if (messages.length > 0) pushInvalid(errors, `${at}.name`, port.name, messages);
      else if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name));
      else names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`));
    else pushInvalid(errors, `${at}.containerPort`, port.containerPort, portNumberErrors(port.containerPort));
    if (port.hostPort) pushInvalid(errors, `${at}.hostPort`, port.hostPort, portNumberErrors(port.hostPort));
    validateProtocol(errors, port.protocol, `${at}.protocol`);
  });
}

const envFields = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs',
];
const envResources = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];

function validateKeySelector(errors: Errors, selector: { readonly name?: string; readonly key: string }, path: string): void {
  pushInvalid(errors, `${path}.name`, selector.name ?? '', dns1123SubdomainErrors(selector.name ?? ''));
  if (!selector.key) errors.push(required(`${path}.key`));
  else pushInvalid(errors, `${path}.key`, selector.key, configMapKeyErrors(selector.key));
}

function validateFieldRef(errors: Errors, field: string, path: string): void {
  if (field === '') errors.push(required(`${path}.fieldPath`));
  else if (/^metadata\.(annotations|labels)\['.+'\]$/.test(field) || envFields.includes(field)) return;
  else if (!/^(metadata|spec|status)\./.test(field)) {
    errors.push(invalid(`${path}.fieldPath`, field, `error converting fieldPath: field label not supported: ${field}`));
  } else errors.push(notSupported(`${path}.fieldPath`, field, envFields));
}

function validateValueFrom(errors: Errors, variable: EnvVar, path: string): void {
  const from = variable.valueFrom!;
  let sources = 0;
  if (from.fieldRef) {
    sources++;
    validateFieldRef(errors, from.fieldRef.fieldPath ?? '', `${path}.fieldRef`);
  }
  if (from.resourceFieldRef) {
    sources++;
    const resource = from.resourceFieldRef.resource;
    if (!resource) errors.push(required(`${path}.resourceFieldRef.resource`));
    else if (!envResources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) errors.push(notSupported(`${path}.resourceFieldRef.resource`, resource, envResources));
  }
  if (from.configMapKeyRef) {
    sources++;
    validateKeySelector(errors, from.configMapKeyRef, `${path}.configMapKeyRef`);
  }
  if (from.secretKeyRef) {
    sources++;
    validateKeySelector(errors, from.secretKeyRef, `${path}.secretKeyRef`);
  }
  if (from.fileKeyRef) sources++;
  if (sources === 0) errors.push(invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'));
  else if (variable.value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
}

function validateEnv(errors: Errors, env: readonly EnvVar[], path: string): void {
  env.forEach((variable, index) => {
    const at = `${path}[${index}]`;
    if (!variable.name) errors.push(required(`${at}.name`));
    else pushInvalid(errors, `${at}.name`, variable.name, envVarNameErrors(variable.name));
    if (variable.valueFrom) validateValueFrom(errors, variable, `${at}.valueFrom`);
  });
}

function validateEnvFrom(errors: Errors, sources: readonly EnvFromSource[], path: string): void {
  sources.forEach((source, index) => {
    const at = `${path}[${index}]`;
    if (source.prefix) pushInvalid(errors, `${at}.prefix`, source.prefix, envVarNameErrors(source.prefix));
    let count = 0;
    for (const key of ['configMapRef', 'secretRef'] as const) {
      const reference = source[key];
      if (!reference) continue;
      count++;
      if (!reference.name) errors.push(required(`${at}.${key}.name`));
      else pushInvalid(errors, `${at}.${key}.name`, reference.name, dns1123SubdomainErrors(reference.name));
    }
    if (count === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  });
}

/** A port by number or by name. */
function validateHttpGet(errors: Errors, action: HTTPGetAction, path: string): void {
  if (!action.path) errors.push(required(`${path}.path`));
  validatePortOrName(errors, action.port, `${path}.port`);
  if (action.scheme !== 'HTTP' && action.scheme !== 'HTTPS') errors.push(notSupported(`${path}.scheme`, action.scheme ?? '', ['HTTP', 'HTTPS']));
  for (const header of action.httpHeaders ?? []) pushInvalid(errors, `${path}.httpHeaders`, header.name, httpHeaderNameErrors(header.name));
}

type AnyHandler = LifecycleHandler & Pick<Probe, 'grpc'>;
const handlerKinds = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

function validateHandler(errors: Errors, handler: AnyHandler, grace: number | undefined, path: string): void {
  let count = 0;
  for (const kind of handlerKinds) {
    if (!handler[kind]) continue;
    const at = `${path}.${kind}`;
    if (count++ > 0) {
      errors.push(forbidden(at, 'may not specify more than 1 handler type'));
      continue;
    }
    if (kind === 'exec' && !handler.exec?.command?.length) errors.push(required(`${at}.command`));
    if (kind === 'httpGet') validateHttpGet(errors, handler.httpGet!, at);
    if (kind === 'tcpSocket') validatePortOrName(errors, handler.tcpSocket!.port, `${at}.port`);
    if (kind === 'grpc') validatePortOrName(errors, handler.grpc!.port, `${at}.port`);
    if (kind === 'sleep' && grace !== undefined && (handler.sleep!.seconds < 0 || handler.sleep!.seconds > grace)) {
      errors.push(invalid(at, handler.sleep!.seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`));
    }
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'));
}

function validateProbe(errors: Errors, probe: Probe | undefined, role: 'liveness' | 'readiness' | 'startup', grace: number | undefined, path: string): void {
  if (!probe) return;
  validateHandler(errors, probe, grace, path);
  validateNonNegative(errors, probe.initialDelaySeconds, `${path}.initialDelaySeconds`);
  validateNonNegative(errors, probe.timeoutSeconds, `${path}.timeoutSeconds`);
  validateNonNegative(errors, probe.periodSeconds, `${path}.periodSeconds`);
  validateNonNegative(errors, probe.successThreshold, `${path}.successThreshold`);
  validateNonNegative(errors, probe.failureThreshold, `${path}.failureThreshold`);
  const own = probe.terminationGracePeriodSeconds;
  if (own !== undefined && own <= 0) errors.push(invalid(`${path}.terminationGracePeriodSeconds`, own, 'must be greater than 0'));
  if (role === 'readiness') {
    if (own !== undefined) errors.push(invalid(`${path}.terminationGracePeriodSeconds`, own, 'must not be set for readinessProbes'));
  } else if (probe.successThreshold !== 1) errors.push(invalid(`${path}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
}

function validateLifecycle(errors: Errors, lifecycle: Lifecycle | undefined, grace: number | undefined, path: string): void {
  if (lifecycle?.postStart) validateHandler(errors, lifecycle.postStart, grace, `${path}.postStart`);
  if (lifecycle?.preStop) validateHandler(errors, lifecycle.preStop, grace, `${path}.preStop`);
}

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const maxId = 0xffffffff;

/** A user or group number. */
export function validateId(errors: Errors, id: number | undefined, path: string): void {
  if (id !== undefined && id !== null && (id < 0 || id > maxId)) errors.push(invalid(path, id, inclusiveRangeError(0, maxId)));
}

function validateSecurityContext(errors: Errors, container: Container, path: string): void {
  const context = container.securityContext;
  if (!context) return;
  validateId(errors, context.runAsUser, `${path}.runAsUser`);
  validateId(errors, context.runAsGroup, `${path}.runAsGroup`);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'));
  }
}

const restartPolicies = ['Always', 'Never', 'OnFailure'];

/** A container may differ from its Pod since 1.35 (ContainerRestartRules). */
function validateRestartPolicy(errors: Errors, container: Container, path: string): void {
  const policy = container.restartPolicy;
  if (policy !== undefined && !restartPolicies.includes(policy)) errors.push(notSupported(`${path}.restartPolicy`, policy, restartPolicies));
  if (policy === undefined && container.restartPolicyRules?.length) errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
}

function validateCommon(errors: Errors, container: Container, { volumes }: Surroundings, path: string): void {
  if (!container.name) errors.push(required(`${path}.name`));
  else pushInvalid(errors, `${path}.name`, container.name, dns1123LabelErrors(container.name));
  if (!container.image) errors.push(required(`${path}.image`));
  const policy = container.terminationMessagePolicy;
  if (!policy) errors.push(required(`${path}.terminationMessagePolicy`));
  else if (policy !== 'File' && policy !== 'FallbackToLogsOnError') errors.push(notSupported(`${path}.terminationMessagePolicy`, policy, ['File', 'FallbackToLogsOnError']));
  if (container.ports) validatePorts(errors, container.ports, `${path}.ports`);
  if (container.env) validateEnv(errors, container.env, `${path}.env`);
  if (container.envFrom) validateEnvFrom(errors, container.envFrom, `${path}.envFrom`);
  if (container.volumeMounts) validateMounts(errors, container, volumes, `${path}.volumeMounts`);
  if (!container.imagePullPolicy) errors.push(required(`${path}.imagePullPolicy`));
  else if (!pullPolicies.includes(container.imagePullPolicy)) errors.push(notSupported(`${path}.imagePullPolicy`, container.imagePullPolicy, pullPolicies));
  validateResources(errors, container.resources, `${path}.resources`);
  validateRestartPolicy(errors, container, path);
  validateSecurityContext(errors, container, `${path}.securityContext`);
}

function validateProbes(errors: Errors, container: Container, grace: number | undefined, path: string): void {
  validateLifecycle(errors, container.lifecycle, grace, `${path}.lifecycle`);
  validateProbe(errors, container.livenessProbe, 'liveness', grace, `${path}.livenessProbe`);
  validateProbe(errors, container.readinessProbe, 'readiness', grace, `${path}.readinessProbe`);
  validateProbe(errors, container.startupProbe, 'startup', grace, `${path}.startupProbe`);
}

function validateHostPorts(errors: Errors, containers: readonly Container[], path: string): void {
  let seen: Set<string> | undefined;
  containers.forEach((container, index) => (container.ports ?? []).forEach((port, place) => {
    if (!port.hostPort) return;
    const text = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`;
    seen ??= new Set();
    if (seen.has(text)) errors.push(duplicate(`${path}[${index}].ports[${place}].hostPort`, text));
    seen.add(text);
  }));
}

/** The containers that do the work: at least one. */
export function validateContainers(errors: Errors, around: Surroundings, path: string): void {
  const containers = around.spec.containers ?? [];
  if (containers.length === 0) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    validateCommon(errors, container, around, at);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    validateProbes(errors, container, around.spec.terminationGracePeriodSeconds, at);
  });
  validateHostPorts(errors, containers, path);
}

const initOnly = 'may not be set for init containers without restartPolicy=Always';

/** The containers that run first, one by one; with restartPolicy Always they stay as sidecars. */
export function validateInitContainers(errors: Errors, around: Surroundings, path: string): void {
  const containers = around.spec.initContainers;
  if (!containers) return;
  const names = new Set((around.spec.containers ?? []).map((container) => container.name));
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    validateCommon(errors, container, around, at);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    else if (container.name) names.add(container.name);
    validateHostPorts(errors, [container], path);
    if (container.restartPolicy === 'Always') return validateProbes(errors, container, around.spec.terminationGracePeriodSeconds, at);
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[field]) errors.push(forbidden(`${at}.${field}`, initOnly));
    }
  });
}

const notEphemeral = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

/** Containers put into a running Pod to look around in it. */
export function validateEphemeralContainers(errors: Errors, around: Surroundings, path: string): void {
  const { spec } = around;
  if (!spec.ephemeralContainers) return;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(others);
  spec.ephemeralContainers.forEach((container: EphemeralContainer, index) => {
    const at = `${path}[${index}]`;
    validateCommon(errors, container, around, at);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    if (container.targetContainerName && !others.has(container.targetContainerName)) errors.push(notFound(`${at}.targetContainerName`, container.targetContainerName));
    for (const field of notEphemeral) if (container[field]) errors.push(forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container'));
    if (container.resources?.limits || container.resources?.requests) errors.push(forbidden(`${at}.resources`, 'cannot be set for an Ephemeral Container'));
  });
}
