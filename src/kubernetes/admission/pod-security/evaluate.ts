/** Pods held against levels. Models staging/src/k8s.io/pod-security-admission/{policy/registry.go,admission/admission.go}. */
import type { KubeObject, ObjectMeta, Pod, PodSpec, PodTemplateSpec } from '../../api/index.ts';
import { baselineChecks } from './baseline.ts';
import type { Check, Violation } from './checks.ts';
import { levelText, type Level, type LevelVersion } from './policy.ts';
import { restrictedChecks } from './restricted.ts';

const checks: { readonly [level in Level]: readonly Check[] } = { privileged: [], baseline: baselineChecks, restricted: restrictedChecks };

type Metadata = Pick<ObjectMeta, 'annotations'>;
const violations = ({ level }: LevelVersion, spec: PodSpec, metadata: Metadata): readonly Violation[] => checks[level].map((check) => check(spec, metadata)).filter((one) => one !== undefined);

/** What breaks the level, as the message has it; undefined where nothing does. */
export function violation(level: LevelVersion, { metadata, spec }: { readonly metadata?: Metadata; readonly spec: PodSpec }): string | undefined {
  const found = violations(level, spec, metadata ?? {});
  return found.length === 0 ? undefined : `violate PodSecurity ${JSON.stringify(levelText(level))}: ${found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ')}`;
}

/** What an object says of the Pods it makes. */
export function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  const template = object.kind === 'PodTemplate' ? (object as unknown as { readonly template?: PodTemplateSpec }).template
    : object.kind === 'CronJob' ? (object.spec as { readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } } } | undefined)?.jobTemplate?.spec?.template
      : (object.spec as { readonly template?: PodTemplateSpec } | undefined)?.template;
  return template?.spec === undefined ? undefined : template;
}

/** What is told of Pods that are there when a namespace's level rises. Models admission.go: EvaluatePodsInNamespace. */
export function namespaceWarnings(namespace: string, level: LevelVersion, pods: readonly Pod[]): readonly string[] {
  const byReasons = new Map<string, string[]>();
  for (const pod of pods) {
    const reasons = violations(level, pod.spec, pod.metadata).map(({ reason }) => reason).join(', ');
    if (reasons !== '') byReasons.set(reasons, [...byReasons.get(reasons) ?? [], pod.metadata.name]);
  }
  if (byReasons.size === 0) return [];
  const lines = [...byReasons].map(([reasons, names]) => {
    const others = names.length - 1;
    return `${names[0]}${others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`}: ${reasons}`;
  });
  return [`existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(level))}`, ...lines.sort()];
}
