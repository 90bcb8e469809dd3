/**
 * What a container finds in its volumes, and the files that every container is given: made when somebody looks into it.
 * Models pkg/volume/{configmap,secret,projected,downwardapi}, pkg/kubelet/kubelet_pods.go: managedHostsFileContent, network/dns/dns.go: GetPodDNS.
 */
import type { Container, Pod, Volume } from '../../kubernetes/api/index.ts';
import { toBytes, type Mount } from '../../kubernetes/protocols/streaming.ts';
import { fieldValue, resourceValue, variablesOf } from './container-config.ts';
import { workerOf, type Turn } from './kubelet-state.ts';
import { subPathOf } from './sub-paths.ts';
import { dataOf, pathOfClaim } from './volumes.ts';

type Files = { readonly [path: string]: string };
type Items = readonly { readonly key: string; readonly path: string }[] | undefined;

/** kubeadm's --cluster-dns and --cluster-domain. */
const clusterDns = '10.96.0.10';
const clusterDomain = 'cluster.local';

export function mountsOf(at: Turn, pod: Pod, container: Container, podIp: string): readonly Mount[] {
  const given: Mount[] = ownFiles(pod, podIp, at.state.input.node).map(([path, text]) => ({ path, readOnly: false, files: { '': text } }));
  const values = container.volumeMounts?.some(({ subPathExpr }) => subPathExpr !== undefined) === true ? variablesOf(at, pod, container, podIp) : new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const { name, mountPath, readOnly = false } = mount;
    const begins = subPathOf(mount, values);
    const subPath = 'path' in begins ? begins.path : '';
    const volume = pod.spec.volumes?.find((each) => each.name === name);
    if (volume === undefined) continue;
    const path = mountPath.length > 1 ? mountPath.replace(/\/+$/, '') : mountPath;
    const files = filesOf(at, pod, container, volume, podIp);
    if (files !== undefined) given.push({ path, readOnly: true, files: subPath === '' ? files : below(files, subPath) });
    else given.push({ path, readOnly, volume: `${placeOf(at, pod, volume)}${subPath === '' ? '' : `/${subPath}`}` });
  }
  return given;
}

/** Where a volume lies that is room to write in. */
const placeOf = (at: Turn, { metadata: { namespace = 'default', uid } }: Pod, { name, hostPath, persistentVolumeClaim }: Volume): string =>
  hostPath?.path ?? (persistentVolumeClaim === undefined ? `${uid}/${name}` : pathOfClaim(at, namespace, persistentVolumeClaim.claimName));

function below(files: Files, subPath: string): Files {
  if (files[subPath] !== undefined) return { '': files[subPath] };
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith(`${subPath}/`)).map(([path, text]) => [path.slice(subPath.length + 1), text]));
}

/** The files of a volume that is made of objects; undefined where a volume is only room to write in. */
function filesOf(at: Turn, pod: Pod, container: Container, { configMap, secret, projected, downwardAPI }: Volume, podIp: string): Files | undefined {
  if (configMap !== undefined) return chosen(at, pod, 'configmaps', configMap.name, configMap.items);
  if (secret !== undefined) return chosen(at, pod, 'secrets', secret.secretName, secret.items);
  if (downwardAPI !== undefined) return downward(at, pod, container, downwardAPI.items, podIp);
  if (projected === undefined) return undefined;
  let files: Files = {};
  for (const source of projected.sources ?? []) {
    if (source.serviceAccountToken !== undefined) files = { ...files, [source.serviceAccountToken.path]: workerOf(at, pod.metadata.uid ?? '')?.token ?? '' };
    if (source.configMap !== undefined) files = { ...files, ...chosen(at, pod, 'configmaps', source.configMap.name, source.configMap.items) };
    if (source.secret !== undefined) files = { ...files, ...chosen(at, pod, 'secrets', source.secret.name, source.secret.items) };
    if (source.downwardAPI !== undefined) files = { ...files, ...downward(at, pod, container, source.downwardAPI.items, podIp) };
  }
  return files;
}

function chosen(at: Turn, pod: Pod, resource: 'configmaps' | 'secrets', name: string | undefined, items: Items): Files {
  const known = dataOf(at, pod.metadata.namespace ?? 'default', resource, name ?? '') ?? {};
  // A Secret's values are bytes already.
  const data = resource === 'secrets' ? known : Object.fromEntries(Object.entries(known).map(([key, value]) => [key, toBytes(value)]));
  if (items === undefined) return data;
  return Object.fromEntries(items.flatMap(({ key, path }) => (data[key] === undefined ? [] : [[path, data[key]]])));
}

type DownwardItems = NonNullable<Volume['downwardAPI']>['items'];

function downward(at: Turn, pod: Pod, container: Container, items: DownwardItems, podIp: string): Files {
  return Object.fromEntries((items ?? []).map(({ path, fieldRef, resourceFieldRef }) => {
    if (resourceFieldRef !== undefined) return [path, resourceValue(pod, container, resourceFieldRef)];
    const map = fieldRef?.fieldPath === 'metadata.labels' ? pod.metadata.labels ?? {} : fieldRef?.fieldPath === 'metadata.annotations' ? pod.metadata.annotations ?? {} : undefined;
    if (map === undefined) return [path, fieldValue(pod, fieldRef?.fieldPath ?? '', podIp, at.state.input)];
    return [path, Object.keys(map).sort().map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n')];
  }));
}

/** What the kubelet and the runtime write for each container. */
function ownFiles({ metadata, spec }: Pod, podIp: string, node: string): readonly (readonly [string, string])[] {
  const hostname = spec.hostNetwork === true ? node : spec.hostname ?? metadata.name.slice(0, 63);
  const names = spec.subdomain === undefined ? hostname : `${hostname}.${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}\t${hostname}`;
  const aliases = spec.hostAliases === undefined ? '' : `\n# Entries added by HostAliases.\n${spec.hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`;
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {};
  const first = spec.dnsPolicy === undefined || spec.dnsPolicy === 'ClusterFirstWithHostNet' || (spec.dnsPolicy === 'ClusterFirst' && spec.hostNetwork !== true);
  const search = [...(first ? [`${metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : []), ...searches];
  const lines = [
    search.length === 0 ? '' : `search ${search.join(' ')}\n`, ...[...(first ? [clusterDns] : []), ...nameservers].map((server) => `nameserver ${server}\n`),
    first || options.length > 0 ? `options ${[...(first ? ['ndots:5'] : []), ...options.map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`))].join(' ')}\n` : '',
  ];
  return [
    ['/etc/hostname', `${hostname}\n`],
    ['/etc/hosts', `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${podIp}\t${names}\n${aliases}`],
    ['/etc/resolv.conf', lines.join('')],
  ];
}
