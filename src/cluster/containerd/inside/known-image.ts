/** The name by which facts about an image are found: Docker's official images and those of Kubernetes' tests by their last part, others by their repository; of public registries alone. */
import { parseReference } from '../images.ts';

const publicHosts = new Set(['docker.io', 'registry.k8s.io', 'k8s.gcr.io', 'gcr.io', 'us-docker.pkg.dev', 'mirror.gcr.io', 'public.ecr.aws']);

export function knownImage(image: string): string {
  const { host = '', repository = '' } = parseReference(image) ?? {};
  if (!publicHosts.has(host)) return '';
  return /^(?:(?:docker\/)?library|e2e-test-images)\/([^/]+)$/.exec(repository)?.[1] ?? repository;
}
