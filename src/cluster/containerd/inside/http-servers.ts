/** What servers in known images answer over HTTP: data and small functions, by the image. An image that is not here listens to nobody. */
import type { ContainerConfig } from '../../../kubernetes/protocols/cri.ts';
import { toBytes } from '../../../kubernetes/protocols/streaming.ts';
import { parseReference } from '../images.ts';
import { httpDate, months } from './calendar.ts';
import type { Files } from './files.ts';
import { knownImage } from './known-image.ts';

export interface HttpRequest { readonly method: string; readonly path: string; readonly version: string; readonly headers: { readonly [name: string]: string }; readonly body: string }
export interface Served { readonly config: ContainerConfig; readonly files: Files; readonly hostname: string; readonly date: string; readonly client: string; readonly port: number }
export interface HttpResponse { readonly code: number; readonly headers: readonly (readonly [string, string])[]; readonly body: string; /** What the server writes to its log. */ readonly log?: string }

export interface HttpServer {
  /** The ports it listens on, given how it was started. */
  readonly ports: (config: ContainerConfig) => readonly number[];
  /** Whether it speaks TLS on one of them: what comes in plain words is told so. */
  readonly tls?: (config: ContainerConfig, port: number) => boolean;
  readonly answer: (request: HttpRequest, served: Served) => HttpResponse;
}

const reasons: { readonly [code: number]: string } = { 200: 'OK', 301: 'Moved Permanently', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed' };
const types: { readonly [extension: string]: string } = { html: 'text/html', htm: 'text/html', css: 'text/css', js: 'application/javascript', json: 'application/json', txt: 'text/plain', png: 'image/png', svg: 'image/svg+xml', ico: 'image/x-icon' };
const typeOf = (path: string, otherwise: string): string => types[/\.([a-z]+)$/.exec(path)?.[1] ?? ''] ?? otherwise;

/** nginx's last release of each minor version, which is what a tag of two numbers means. */
const nginxReleases: { readonly [tag: string]: string } = { '1.14': '1.14.2', '1.16': '1.16.1', '1.18': '1.18.0', '1.20': '1.20.2', '1.22': '1.22.1', '1.24': '1.24.0', '1.25': '1.25.5', '1.26': '1.26.3', '1.27': '1.27.5' };

function nginxVersion({ image }: ContainerConfig): string {
  const number = /^\d+\.\d+(\.\d+)?/.exec(parseReference(image)?.tag ?? '');
  if (number === null) return 'nginx';
  return number[1] === undefined ? nginxReleases[number[0]] === undefined ? 'nginx' : `nginx/${nginxReleases[number[0]]}` : `nginx/${number[0]}`;
}

/** Serves /usr/share/nginx/html as the image's default.conf says, in the words of ngx_http_special_response.c. */
function nginx(port: number): HttpServer {
  return {
    ports: () => [port],
    answer(request, { config, files, date, client }) {
      const server = nginxVersion(config);
      const root = '/usr/share/nginx/html';
      const path = (request.path.split('?')[0] ?? '/').replace(/\/{2,}/g, '/');
      const directory: boolean = path.endsWith('/');
      const file = `${root}${directory ? `${path}index.html` : path}`;
      const node = path.split('/').includes('..') ? undefined : files.get(file);
      const page = (code: number): HttpResponse => respond(code, `<html>\r\n<head><title>${code} ${reasons[code]}</title></head>\r\n<body>\r\n<center><h1>${code} ${reasons[code]}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`, [['Content-Type', 'text/html']]);
      const respond = (code: number, body: string, more: HttpResponse['headers']): HttpResponse => ({
        code, body, headers: [['Server', server], ['Date', httpDate(date)], ...more.slice(0, 1), ['Content-Length', String(body.length)], ...more.slice(1)],
        log: `${client} - - [${date.slice(8, 10)}/${months[Number(date.slice(5, 7)) - 1]}/${date.slice(0, 4)}:${date.slice(11, 19)} +0000] "${request.method} ${request.path} ${request.version}" ${code} ${request.method === 'HEAD' ? 0 : body.length} "${request.headers['referer'] ?? '-'}" "${request.headers['user-agent'] ?? '-'}" "${request.headers['x-forwarded-for'] ?? '-'}"`,
      });
      if (request.method !== 'GET' && request.method !== 'HEAD') return page(405);
      if (node === undefined) return directory && files.get(`${root}${path === '/' ? '' : path.slice(0, -1)}`)?.directory === true ? page(403) : page(404);
      if (node.directory) { const moved = page(301); return { ...moved, headers: [...moved.headers, ['Location', `http://${request.headers['host'] ?? 'localhost'}${path}/`]] }; }
      return respond(200, node.data, [['Content-Type', typeOf(file, 'application/octet-stream')], ['Accept-Ranges', 'bytes']]);
    },
  };
}

const plain = (body: string, date: string, more: HttpResponse['headers'] = []): HttpResponse => ({ code: 200, body, headers: [...more, ['Date', httpDate(date)], ['Content-Length', String(body.length)], ['Content-Type', 'text/plain; charset=utf-8']] });

const httpd: HttpServer = {
  ports: () => [80],
  answer(request, { files, date, client }) {
    const path = request.path.split('?')[0] ?? '/';
    const node = files.get(`/usr/local/apache2/htdocs${path.endsWith('/') ? `${path}index.html` : path}`);
    const found = node !== undefined && !node.directory;
    const body = found ? node.data : '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n';
    const code = found ? 200 : 404;
    return {
      code, body, headers: [['Date', httpDate(date)], ['Server', 'Apache/2.4 (Unix)'], ['Content-Length', String(body.length)], ['Content-Type', found ? typeOf(path.endsWith('/') ? 'index.html' : path, 'text/plain') : 'text/html; charset=iso-8859-1']],
      log: `${client} - - [${date.slice(8, 10)}/${months[Number(date.slice(5, 7)) - 1]}/${date.slice(0, 4)}:${date.slice(11, 19)} +0000] "${request.method} ${request.path} ${request.version}" ${code} ${body.length}`,
    };
  },
};

const flag = ({ command, args }: ContainerConfig, name: string): string | undefined => {
  const words = [...command, ...args];
  for (const [index, word] of words.entries()) {
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(word);
    if (match?.[1] === name) return match[2] ?? words[index + 1];
  }
  return undefined;
};

const httpEcho: HttpServer = {
  ports: (config) => [Number(/:(\d+)$/.exec(flag(config, 'listen') ?? ':5678')?.[1] ?? 5678)],
  answer: (_request, { config, date }) => plain(`${flag(config, 'text') ?? config.env.find(({ name }) => name === 'ECHO_TEXT')?.value ?? 'hello-world'}\n`, date, [['X-App-Name', 'http-echo'], ['X-App-Version', parseReference(config.image)?.tag ?? '']]),
};

/** agnhost's subcommand and options: its entrypoint is `/agnhost`, which manifests also name as the command. */
const agnhostWords = ({ command, args }: ContainerConfig): readonly string[] => (command.length > 0 ? [...command.slice(1), ...args] : args);

/** Its subcommands that answer the API server, over TLS. */
const reviewing = ['webhook', 'crd-conversion-webhook'];

/** Which webhook a container runs, and what it is started with; undefined where it runs none. */
export function webhookIn(config: ContainerConfig): { readonly subcommand: string; readonly sidecarImage: string } | undefined {
  const [subcommand = ''] = serverOf(config) === agnhost ? agnhostWords(config) : [];
  return reviewing.includes(subcommand) ? { subcommand, sidecarImage: flag(config, 'sidecar-image') ?? '' } : undefined;
}

/** Ports and texts of agnhost's porter, from its variables. Models test/images/agnhost/porter/porter.go. */
const porterPorts = ({ env }: ContainerConfig): readonly { readonly port: number; readonly tls: boolean; readonly text: string }[] => env.flatMap(({ name, value }) => {
  const match = /^SERVE_(TCP_|TLS_)?PORT_(\d+)$/.exec(name);
  return match === null ? [] : [{ port: Number(match[2]), tls: match[1] === 'TLS_', text: value }];
});

/** What Go's http.DetectContentType says of a text. */
const sniffed = (body: string): string =>
  `text/${/^[\t\n\f\r ]*<(!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]/i.test(body) ? 'html' : 'plain'}; charset=utf-8`;

function porter({ method }: HttpRequest, { config, date, port }: Served): HttpResponse {
  const { text = '' } = porterPorts(config).find((one) => one.port === port) ?? {};
  const asJson = agnhostWords(config).includes('--json-response');
  const body = toBytes(asJson ? JSON.stringify({ Method: method, Body: text }) : text);
  return { code: 200, body, headers: [['Date', httpDate(date)], ['Content-Length', String(body.length)], ...(body === '' ? [] : [['Content-Type', asJson ? 'application/json' : sniffed(body)] as const])] };
}

const agnhost: HttpServer = {
  ports(config) {
    const [subcommand] = agnhostWords(config);
    if (reviewing.includes(subcommand ?? '')) return [Number(flag(config, 'port') ?? 443)];
    if (subcommand === 'netexec') return [Number(flag(config, 'http-port') ?? 8080)];
    if (subcommand === 'porter') return porterPorts(config).map(({ port }) => port);
    return subcommand === 'serve-hostname' ? [Number(flag(config, 'port') ?? 9376)] : subcommand === 'test-webserver' ? [80] : [];
  },
  tls(config, port) {
    const [subcommand] = agnhostWords(config);
    return reviewing.includes(subcommand ?? '') || (subcommand === 'porter' && porterPorts(config).some((one) => one.port === port && one.tls));
  },
  answer(request, served) {
    const { config, hostname, date, client } = served;
    const [subcommand] = agnhostWords(config);
    if (subcommand === 'porter') return porter(request, served);
    if (subcommand === 'serve-hostname') return plain(hostname, date);
    const [where, query = ''] = request.path.split('?') as [string, string?];
    if (reviewing.includes(subcommand ?? '')) return where === '/readyz' ? plain('ok', date) : { ...plain('404 page not found\n', date), code: 404 };
    const message = /(?:^|&)msg=([^&]*)/.exec(query)?.[1] ?? '';
    const answers: { readonly [path: string]: string } = { '/': `NOW: ${date.replace('T', ' ').replace('Z', ' +0000 UTC')}`, '/hostname': hostname, '/hostName': hostname, '/clientip': `${client}:49152`, '/healthz': '', '/echo': message };
    return answers[where] === undefined ? { ...plain('404 page not found\n', date), code: 404 } : plain(answers[where], date);
  },
};

/** What a Go server with TLS says to who does not speak it. */
export const plainOnTls: HttpResponse = { code: 400, body: 'Client sent an HTTP request to an HTTPS server.\n', headers: [] };

/** The app of the tutorial “Kubernetes Basics”. */
const bootcamp: HttpServer = { ports: () => [8080], answer: (_request, { config, hostname, date }) => plain(`Hello Kubernetes bootcamp! | Running on: ${hostname} | v=${parseReference(config.image)?.tag.replace('v', '') ?? '1'}\n`, date) };

const helloApp: HttpServer = { ports: ({ env }) => [Number(env.find(({ name }) => name === 'PORT')?.value ?? 8080)], answer: (_request, { config, hostname, date }) => plain(`Hello, world!\nVersion: ${parseReference(config.image)?.tag.startsWith('2') === true ? '2' : '1'}.0.0\nHostname: ${hostname}\n`, date) };

const servers: { readonly [repository: string]: HttpServer } = {
  nginx: nginx(80), 'nginx-slim': nginx(80), 'nginxinc/nginx-unprivileged': nginx(8080), httpd, 'hashicorp/http-echo': httpEcho, agnhost, 'google-samples/hello-app': helloApp, 'google-samples/kubernetes-bootcamp': bootcamp,
};

/** The server in a container, where its image is known and it runs the image's own program. */
export function serverOf({ image, command, args }: ContainerConfig): HttpServer | undefined {
  const server = servers[knownImage(image)];
  if (command.length > 0) return /^(nginx|httpd|httpd-foreground|.*\/(agnhost|http-echo|hello-app))$/.test(command[0]!) ? server : undefined;
  return args.length === 0 || args[0]!.startsWith('-') || server === agnhost || args[0] === 'nginx' ? server : undefined;
}

/** Takes one whole request off the front of what has come; undefined while it is not whole. */
export function takeRequest(bytes: string): { readonly request: HttpRequest; readonly rest: string } | 'bad' | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > 65_536 ? 'bad' : undefined;
  const [first = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const match = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/.exec(first);
  if (match === null) return 'bad';
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const length = Number(headers['content-length'] ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  return { request: { method: match[1]!, path: match[2]!, version: match[3]!, headers, body: bytes.slice(end + 4, end + 4 + length) }, rest: bytes.slice(end + 4 + length) };
}

export const formatResponse = ({ code, headers, body }: HttpResponse, request: HttpRequest, close: boolean): string =>
  `HTTP/1.1 ${code} ${reasons[code] ?? 'OK'}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}Connection: ${close ? 'close' : 'keep-alive'}\r\n\r\n${request.method === 'HEAD' ? '' : body}`;
