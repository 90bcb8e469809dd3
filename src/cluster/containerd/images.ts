/**
 * The registries of the world, as far as one asks: which images exist, how large they are, what they are called in full.
 * Names follow github.com/distribution/reference; refusals have containerd's words (core/remotes/docker/resolver.go, client/pull.go).
 */
import { digestOf } from './ids.ts';

export interface Reference {
  /** The full name with a tag or digest: `docker.io/library/nginx:latest`. */
  readonly full: string;
  readonly host: string;
  /** The path below the host: `library/nginx`. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestForm = /^sha256:[a-f0-9]{64}$/;

/** Reads an image name as distribution/reference does, with Docker Hub's short forms filled in; undefined where it is none. */
export function parseReference(image: string): Reference | undefined {
  let rest = image;
  let digest = '';
  const at = rest.indexOf('@');
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!digestForm.test(digest)) return undefined;
  }
  const slash = rest.indexOf('/');
  const first = slash < 0 ? '' : rest.slice(0, slash);
  const hasHost = first !== '' && (first.includes('.') || first.includes(':') || first === 'localhost');
  const host = hasHost ? first : 'docker.io';
  let repository = hasHost ? rest.slice(slash + 1) : rest;
  let tag = '';
  const colon = repository.lastIndexOf(':');
  if (colon > repository.lastIndexOf('/')) {
    tag = repository.slice(colon + 1);
    repository = repository.slice(0, colon);
    if (!tagForm.test(tag)) return undefined;
  }
  if (repository === '' || !repository.split('/').every((part) => pathPart.test(part))) return undefined;
  if (host === 'docker.io' && !repository.includes('/')) repository = `library/${repository}`;
  if (tag === '' && digest === '') tag = 'latest';
  const full = `${host}/${repository}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  return { full, host, repository, tag, digest };
}

const megabytes = (count: number): number => Math.round(count * 1_000_000);

/** Compressed sizes of images that manifests in the wild name, by the last part of the name; rounded from their registries. */
const knownSizes: { readonly [name: string]: number } = {
  nginx: megabytes(72.3), 'nginx-slim': megabytes(7.6), redis: megabytes(49.6), busybox: megabytes(2.2), alpine: megabytes(3.8), ubuntu: megabytes(29.7),
  debian: megabytes(49.3), fedora: megabytes(62), bash: megabytes(6.4), httpd: megabytes(58.5), mysql: megabytes(232), mariadb: megabytes(114), postgres: megabytes(153),
  mongo: megabytes(283), rabbitmq: megabytes(105), memcached: megabytes(31), wordpress: megabytes(246), python: megabytes(412), node: megabytes(402), golang: megabytes(301),
  perl: megabytes(341), ruby: megabytes(389), openjdk: megabytes(243), php: megabytes(178), haproxy: megabytes(41), traefik: megabytes(51), caddy: megabytes(20),
  pause: 319_000, coredns: megabytes(22.8), etcd: megabytes(23.6), 'kube-proxy': megabytes(26), 'kube-apiserver': megabytes(27.1), 'kube-scheduler': megabytes(17.4),
  'kube-controller-manager': megabytes(22.8), agnhost: megabytes(51.2), 'echo-server': megabytes(43), 'hello-app': megabytes(13.4), 'http-echo': megabytes(3.1),
  whoami: megabytes(2.9), curl: megabytes(10.9), stress: megabytes(4.1), 'hello-world': 3_000, 'gb-frontend': megabytes(158), 'gb-redis-follower': megabytes(38),
  'examplevotingapp_vote': megabytes(51), 'examplevotingapp_result': megabytes(78), 'examplevotingapp_worker': megabytes(84), 'hpa-example': megabytes(158),
};
/** Variants are a fraction of the full image. */
const slimTag = /(^|[-.])(alpine|slim|musl)/;

export interface FoundImage { readonly found: true; readonly name: string; readonly imageRef: string; readonly sizeBytes: number }
export interface MissingImage { readonly found: false; readonly message: string }

const absentNames = /does-?not-?exist|non-?exist(ent|ing)?|no-such|notfound|not-found|typo|^404$/;

/**
 * What a registry answers. Any well-formed name on a public registry exists, so that a learner's own image works;
 * what says of itself that it does not exist does not.
 */
export function askRegistry(image: string): FoundImage | MissingImage {
  const reference = parseReference(image);
  if (reference === undefined) return { found: false, message: `rpc error: code = InvalidArgument desc = failed to parse image reference "${image}": invalid reference format` };
  const { full, host, repository, tag } = reference;
  const prefix = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  if (host.endsWith('.invalid') || host === 'localhost' || host.startsWith('localhost:')) {
    const name = host.split(':')[0]!;
    const why = name === 'localhost' ? `dial tcp 127.0.0.1:${host.split(':')[1] ?? '443'}: connect: connection refused` : `dial tcp: lookup ${name}: no such host`;
    return { found: false, message: `${prefix}: failed to do request: Head "https://${host}/v2/${repository}/manifests/${tag}": ${why}` };
  }
  if (absentNames.test(repository)) {
    if (host !== 'docker.io') return { found: false, message: `rpc error: code = NotFound desc = ${prefix}: ${full}: not found` };
    return { found: false, message: `${prefix}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed` };
  }
  if (absentNames.test(tag)) return { found: false, message: `rpc error: code = NotFound desc = ${prefix}: ${full}: not found` };
  const digest = digestOf(`${host}/${repository}:${tag}${reference.digest}`);
  return { found: true, name: full, imageRef: reference.digest === '' ? `${host}/${repository}@sha256:${digest}` : `${host}/${repository}@${reference.digest}`, sizeBytes: sizeOf(reference, digest) };
}

function sizeOf({ repository, tag }: Reference, digest: string): number {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const known = knownSizes[name];
  const scatter = parseInt(digest.slice(0, 6), 16) / 0xffffff;
  if (known === undefined) return megabytes(8) + Math.floor(scatter * megabytes(140));
  // Versions of one image differ a little; a fixed one (same tag) never does.
  const exact = tag === 'latest' ? known : known + Math.floor((scatter - 0.5) * known * 0.06);
  return slimTag.test(tag) && known > megabytes(10) ? Math.floor(exact * 0.3) : exact;
}
