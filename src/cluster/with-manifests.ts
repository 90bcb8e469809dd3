/**
 * The door of manifests: whoever lets them in imports it, and with it the code of all that only they bring into play. A world without manifests never
 * comes there, so that the first load need not carry it.
 */
import './containerd/late-code.ts';
import './kube-controller-manager/controllers/late-code.ts';
export { readManifests, type ManifestReading } from '../kubernetes/yaml/index.ts';
