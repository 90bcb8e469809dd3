/** Where in its volume a mount begins. Models pkg/kubelet/kubelet_pods.go: makeMounts, and pkg/kubelet/container/helpers.go: ExpandContainerVolumeMounts. */
import type { VolumeMount } from '../../kubernetes/api/index.ts';
import { expand } from './expansion.ts';

const theWhole = { path: '' };

/** `$(NAME)` in `subPathExpr` stands for the container's variables; one that is missing or empty is an error. */
export function subPathOf({ subPath = '', subPathExpr = '' }: VolumeMount, values: ReadonlyMap<string, string>): { readonly path: string } | { readonly error: string } {
  if (subPathExpr === '' && subPath === '') return theWhole;
  const missing = new Set([...subPathExpr.replaceAll('$$', '').matchAll(/\$\(([^)]*)\)/g)].map(([, name]) => name!).filter((name) => (values.get(name) ?? '') === ''));
  if (missing.size > 0) return { error: `missing value for ${[...missing].sort().join(', ')}` };
  const path = subPathExpr === '' ? subPath : expand(subPathExpr, values);
  if (path.startsWith('/')) return { error: `error SubPath \`${path}\` must not be an absolute path` };
  return path.split('/').includes('..') ? { error: `unable to provision SubPath \`${path}\`: must not contain '..'` } : { path };
}
