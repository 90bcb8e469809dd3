/** wget and curl: they reach what serves in their own Pod. Names that /etc/hosts does not have need a DNS server, which a bare cluster has none of. */
import { addressInHosts } from './files.ts';
import type { Command, Io, Run } from './run.ts';

interface Address { readonly host: string; readonly port: number; readonly path: string; readonly scheme: string }

function addressOf(text: string): Address | undefined {
  const match = /^(?:(https?):\/\/)?([^/:?#]+)(?::(\d+))?([/?].*)?$/.exec(text);
  if (match === null) return undefined;
  const [, scheme = 'http', host = '', port, path = '/'] = match;
  return { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)), path: path.startsWith('/') ? path : `/${path}` };
}

const isUnknown = ({ place: { files } }: Run, host: string): boolean => host !== 'localhost' && !/^\d+\.\d+\.\d+\.\d+$/.test(host) && addressInHosts(files, host) === undefined;
/** Three tries of five seconds, as musl and glibc wait for a server that does not answer. */
const nameLookupUs = 15_000_000;

interface Answer { readonly line: string; readonly code: number; readonly head: string; readonly body: string }

function ask(run: Run, { host, port, path, scheme }: Address, method: string, agent: string, headers: readonly string[], body: string): Answer | { readonly refused: string } {
  if (scheme === 'https') return { refused: 'TLS is not known to this model' };
  run.elapsedUs += 1_000;
  const answer = run.place.fetch({ method, host, port, path, agent, headers, body });
  if ('refused' in answer) return answer;
  const [head = '', ...rest] = answer.response.split('\r\n\r\n');
  const line = head.split('\r\n')[0] ?? '';
  return { line, code: Number(line.split(' ')[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}

function save(run: Run, name: string, file: string, text: string, io: Io): number {
  const refused = file === '-' ? (io.out(text), undefined) : run.place.files.put(run.resolve(file), text);
  if (refused !== undefined) io.err(`${name}: ${file}: ${refused}\n`);
  return refused === undefined ? 0 : 1;
}

const wget: Command = (run, args, io) => {
  let [file, quiet, spider, url]: [string | undefined, boolean, boolean, string | undefined] = [undefined, false, false, undefined];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--spider') spider = true;
    else if (/^-q?O/.test(arg)) { quiet ||= arg.startsWith('-q'); file = arg.replace(/^-q?O/, '') || args[i += 1]; } else if (arg === '-q') quiet = true;
    else if (arg === '-T' || arg === '-t') i += 1;
    else if (/^(-[Tt]\d+|--timeout=.*|-S)$/.test(arg)) continue;
    else if (arg.startsWith('-')) { io.err(`wget: ${arg} is not known to this model\n`); return 1; } else url = arg;
  }
  const to = url === undefined ? undefined : addressOf(url);
  if (to === undefined) { io.err('BusyBox: wget: missing URL\n'); return 1; }
  if (isUnknown(run, to.host)) {
    run.elapsedUs += nameLookupUs;
    io.err(`wget: bad address '${to.host}${to.port === 80 ? '' : `:${to.port}`}'\n`);
    return 1;
  }
  if (!quiet) io.err(`Connecting to ${to.host === 'localhost' ? 'localhost:' + to.port : `${to.host}:${to.port}`} (${to.host === 'localhost' ? '127.0.0.1' : to.host}:${to.port})\n`);
  const answer = ask(run, to, 'GET', 'Wget', [], '');
  if ('refused' in answer) { io.err(`wget: can't connect to remote host (${to.host === 'localhost' ? '127.0.0.1' : to.host}): ${answer.refused}\n`); return 1; }
  if (answer.code >= 400) { io.err(`wget: server returned error: ${answer.line}\n`); return 1; }
  if (spider) { if (!quiet) io.err('remote file exists\n'); return 0; }
  return save(run, 'wget', file ?? (/[^/?]+$/.exec(to.path.split('?')[0]!)?.[0] ?? 'index.html'), answer.body, io);
};

const curl: Command = (run, args, io) => {
  let [file, method, body, format, url]: [string, string, string, string, string | undefined] = ['-', 'GET', '', '', undefined];
  const flags = new Set<string>();
  const headers: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const value = (): string => args[i += 1] ?? '';
    if (arg === '-o' || arg === '--output') file = value();
    else if (arg === '-X' || arg === '--request') method = value();
    else if (arg === '-d' || arg === '--data') { body = value(); if (method === 'GET') method = 'POST'; } else if (arg === '-H' || arg === '--header') headers.push(value());
    else if (arg === '-w' || arg === '--write-out') format = value();
    else if (arg === '-m' || arg === '--max-time' || arg === '--connect-timeout') i += 1;
    else if (/^-[sSiIfLkv]+$/.test(arg)) for (const flag of arg.slice(1)) flags.add(flag);
    else if (arg === '--silent' || arg === '--fail' || arg === '--head') flags.add({ '--silent': 's', '--fail': 'f', '--head': 'I' }[arg]!);
    else if (arg.startsWith('-')) { io.err(`curl: option ${arg}: is not known to this model\n`); return 2; } else url = arg;
  }
  const to = url === undefined ? undefined : addressOf(url);
  const complain = (code: number, text: string): number => { if (!flags.has('s') || flags.has('S')) io.err(`curl: (${code}) ${text}\n`); return code; };
  if (to === undefined) { io.err("curl: try 'curl --help' or 'curl --manual' for more information\n"); return 2; }
  if (isUnknown(run, to.host)) { run.elapsedUs += nameLookupUs; return complain(6, `Could not resolve host: ${to.host}`); }
  const answer = ask(run, to, flags.has('I') ? 'HEAD' : method, 'curl/8.14.1', headers, body);
  if ('refused' in answer) return complain(7, answer.refused === 'Connection refused' ? `Failed to connect to ${to.host} port ${to.port} after 0 ms: Could not connect to server` : answer.refused);
  if (flags.has('f') && answer.code >= 400) return complain(22, `The requested URL returned error: ${answer.code}`);
  const text = flags.has('I') || flags.has('i') ? `${answer.head}\r\n\r\n${flags.has('I') ? '' : answer.body}` : answer.body;
  const saved = file === '/dev/null' ? 0 : save(run, 'curl', file, text, io);
  io.out(format.replace(/\\n/g, '\n').replace(/%\{http_code\}/g, String(answer.code)));
  return saved === 0 ? 0 : 23;
};

export const httpCommands: { readonly [name: string]: Command } = { wget, curl };
