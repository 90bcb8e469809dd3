/** The door of `kubernetes/yaml`: manifests as text in, plain JSON with lines out. Whoever reads manifests meets all kinds. */
import '../kept-kinds.ts';

export { readManifests, maximumRequestBytes } from './read-manifests.ts';
export type { ManifestDocument, ManifestError, ManifestReading, TextPosition } from './read-manifests.ts';
export { formatFieldPath, parseFieldPath } from './field-path.ts';
export type { FieldPath } from './field-path.ts';
