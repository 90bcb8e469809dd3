/** The levels that a namespace's labels ask for. Models staging/src/k8s.io/pod-security-admission/api/helpers.go: PolicyToEvaluate. */
import type { StringMap } from '../../api/index.ts';
import { invalid, type FieldError } from '../../apimachinery/field-errors.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';
export interface LevelVersion { readonly level: Level; readonly version: string }
export type Mode = 'enforce' | 'audit' | 'warn';
export type Policy = { readonly [mode in Mode]: LevelVersion };

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly string[] = ['privileged', 'baseline', 'restricted'];
const isVersion = (text: string): boolean => text === 'latest' || /^v1\.(0|[1-9]\d*)$/.test(text);

export const strictness = (level: Level): number => levels.indexOf(level);
export const levelText = ({ level, version }: LevelVersion): string => `${level}:${version}`;

/** The policy; a label that cannot be read counts as the strictest where it enforces nothing worse than asked, and is told. */
export function policyOf(labels: StringMap | undefined): { readonly policy: Policy; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const read = (mode: Mode): LevelVersion => {
    const level = labels?.[prefix + mode];
    const version = labels?.[`${prefix}${mode}-version`];
    if (level !== undefined && !levels.includes(level)) errors.push(invalid(`metadata.labels[${prefix}${mode}]`, level, 'must be one of privileged, baseline, restricted'));
    if (version !== undefined && !isVersion(version)) errors.push(invalid(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"'));
    const known = level === undefined ? 'privileged' : levels.includes(level) ? level as Level : mode === 'warn' ? 'privileged' : 'restricted';
    return { level: known, version: version !== undefined && isVersion(version) ? version : 'latest' };
  };
  return { policy: { enforce: read('enforce'), audit: read('audit'), warn: read('warn') }, errors };
}
