/** What is in an image, as far as somebody who looks into a container sees it: facts about images that are known, and nothing for those that are not. */
import { parseReference } from '../images.ts';
import { commandNames } from './commands.ts';
import { knownImage } from './known-image.ts';

export interface ImageContents {
  /** Programs by name, and what the shell is; none in images that hold one binary, and none in images that nothing is known of. */
  readonly programs: ReadonlySet<string>;
  readonly shell: 'ash' | 'bash' | undefined;
  readonly files: { readonly [path: string]: string };
  readonly directories: readonly string[];
  readonly workingDir: string;
  readonly user: number;
  readonly path: string;
}

interface Fact {
  readonly family: 'busybox' | 'alpine' | 'debian' | 'redhat' | 'none';
  readonly with?: readonly string[];
  readonly files?: { readonly [path: string]: string };
  readonly directories?: readonly string[];
  readonly workingDir?: string;
  readonly user?: number;
}

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;
const nginx: Fact = { family: 'debian', with: ['curl'], files: { '/usr/share/nginx/html/index.html': welcome }, directories: ['/etc/nginx/conf.d', '/var/log/nginx', '/var/cache/nginx'] };
const full: Fact = { family: 'debian', with: ['curl', 'wget'] };

/** By the repository without its host; Docker's official images by their last part. */
const facts: { readonly [repository: string]: Fact } = {
  busybox: { family: 'busybox' }, alpine: { family: 'alpine' }, bash: { family: 'alpine', with: ['bash'] }, ubuntu: { family: 'debian' }, debian: { family: 'debian' },
  fedora: { family: 'redhat', with: ['curl'] }, centos: { family: 'redhat', with: ['curl'] }, nginx, 'nginx-slim': nginx, 'nginxinc/nginx-unprivileged': { ...nginx, user: 101 },
  httpd: { family: 'debian', files: { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n' }, workingDir: '/usr/local/apache2' },
  redis: { family: 'debian', workingDir: '/data', directories: ['/data'] }, mysql: { family: 'redhat' }, mariadb: { family: 'debian' }, postgres: { family: 'debian', directories: ['/var/lib/postgresql/data'] },
  mongo: { family: 'debian' }, memcached: { family: 'debian', user: 11211 }, rabbitmq: { family: 'debian' }, haproxy: { family: 'debian', user: 99 },
  python: full, node: full, golang: { ...full, workingDir: '/go' }, ruby: full, perl: full, openjdk: { family: 'redhat', with: ['curl'] }, php: { family: 'debian', with: ['curl'] }, wordpress: { family: 'debian', with: ['curl'], workingDir: '/var/www/html', directories: ['/var/www/html'] },
  'curlimages/curl': { family: 'alpine', with: ['curl'], workingDir: '/home/curl_user', directories: ['/home/curl_user'], user: 100 },
  agnhost: { family: 'alpine', with: ['curl'] }, 'google-samples/kubernetes-bootcamp': full, jessie: { family: 'debian' }, 'jessie-dnsutils': { family: 'debian', with: ['nslookup'] },
};

/** debian's essential packages, as far as they are modelled; the others have them through busybox. */
const notInDebian = new Set(['wget', 'curl', 'nslookup', 'ps']);

export function contentsOf(image: string): ImageContents {
  const { tag = '' } = parseReference(image) ?? {};
  const fact: Fact = facts[knownImage(image)] ?? { family: 'none' };
  const family = fact.family === 'debian' && tag.includes('alpine') ? 'alpine' : fact.family;
  const extra = tag.includes('slim') ? [] : fact.with ?? [];
  const programs = family === 'none' ? [] : commandNames.filter((name) => extra.includes(name) || !(family === 'debian' || family === 'redhat' ? notInDebian.has(name) : name === 'curl' || name === 'bash'));
  const busybox = family === 'busybox' || family === 'alpine';
  return {
    programs: new Set(programs), shell: family === 'none' ? undefined : busybox ? 'ash' : 'bash',
    files: family === 'none' ? {} : { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', '/etc/group': 'root:x:0:\n', ...fact.files },
    directories: family === 'none' ? ['/etc', '/proc', '/sys', '/dev'] : ['/bin', '/dev', '/etc', '/home', '/proc', '/root', '/sys', '/tmp', '/usr/bin', '/var', ...(fact.directories ?? [])],
    workingDir: fact.workingDir ?? '/', user: fact.user ?? 0, path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  };
}
