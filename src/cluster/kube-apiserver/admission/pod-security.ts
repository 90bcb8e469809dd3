import { resourceOfKind, type KubeObject, type Namespace, type Pod, type StringMap } from '../../../kubernetes/api/index.ts';
import { forbiddenError, invalidError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { AdmissionContext, AdmissionPlugin, Verdict } from './plugin.ts';

const controllers = ['ReplicationController', 'PodTemplate', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];
const keyOf = (kind: string): string => {
  const { group, resource } = resourceOfKind(kind)!;
  return group === '' ? resource : `${resource}.${group}`;
};
const prefix = 'pod-security.kubernetes.io/';
/** Of almost every namespace nothing is asked. */
const asksAnything = (labels: StringMap | undefined): boolean => labels !== undefined && Object.keys(labels).some((label) => label.startsWith(prefix));

/** Models plugin/pkg/admission/security/podsecurity and staging/src/k8s.io/pod-security-admission: Pods keep to the level that their namespace's labels name. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  resources: ['namespaces', 'pods', ...controllers.map(keyOf)],
  judgesAlways: true,
  validate(object, context) {
    const { operation, inflight: { request, served }, old, find } = context;
    if (operation === 'DELETE' || (request.subresource !== undefined && request.subresource !== 'ephemeralcontainers')) return undefined;
    if (served.key === 'namespaces') return asksAnything(object.metadata.labels) ? judgeNamespace(object as Namespace, context) : undefined;
    const namespace = find('namespaces', '', request.namespace ?? '');
    if (!asksAnything(namespace?.metadata.labels)) return undefined;
    const { policyOf } = latePart('podSecurity');
    const { policy } = policyOf(namespace!.metadata.labels);
    if (served.key !== 'pods') {
      const template = latePart('podSecurity').templateOf(object);
      if (template !== undefined) warnOf(policy.warn, template, context);
      return undefined;
    }
    // Nothing that matters can change in a Pod that is there, but for its images.
    if (old !== undefined && old.spec === object.spec) return undefined;
    const message = latePart('podSecurity').violation(policy.enforce, object as Pod);
    if (message !== undefined) return { refuse: forbiddenError(served.info, object.metadata.name, message.replace('violate', 'violates')) };
    warnOf(policy.warn, object as Pod, context);
    return undefined;
  },
};

type Judged = Parameters<ReturnType<typeof latePart<'podSecurity'>>['violation']>;

function warnOf(level: Judged[0], pod: Judged[1], { warn }: AdmissionContext): void {
  const message = latePart('podSecurity').violation(level, pod);
  if (message !== undefined) warn(`would ${message}`);
}

/** Labels must be readable; Pods that are there are told of when the level rises. */
function judgeNamespace(namespace: Namespace, { old, all, warn }: AdmissionContext): Verdict {
  const { policyOf, namespaceWarnings, strictness } = latePart('podSecurity');
  const { policy: { enforce }, errors } = policyOf(namespace.metadata.labels);
  const before = policyOf((old as KubeObject | undefined)?.metadata.labels);
  const news = errors.filter((error) => !before.errors.some((one) => one.field === error.field && one.body === error.body));
  if (news.length > 0) return { refuse: invalidError({ group: '', kind: 'Namespace' }, namespace.metadata.name, errors) };
  const was = before.policy.enforce;
  const relaxed = enforce.version === was.version && strictness(enforce.level) <= strictness(was.level);
  if (old === undefined || enforce.level === 'privileged' || relaxed) return undefined;
  for (const line of namespaceWarnings(namespace.metadata.name, enforce, all('pods', namespace.metadata.name) as readonly Pod[])) warn(line);
  return undefined;
}
