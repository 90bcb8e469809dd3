/** `npm run serve -- --port 8001 --topology three-nodes --seed 1 --speed 20`: the cluster as a Kubernetes API, for real clients. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { makeCertificate } from './certificate.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession, type LiveSpeed } from './live-session.ts';
import { WallTime } from './wall-time.ts';
import { makePage, servePage } from './page.ts';

const usage = `npm run serve -- [--port 8001] [--host 127.0.0.1] [--topology three-nodes] [--seed 1] [--speed 20 | max] [--paused] [--tls] [--anonymous] [--headless] [--kubeconfig FILE]`;

function options() {
  const { values } = parseArgs({ options: {
    port: { type: 'string', default: process.env['PORT'] ?? '8001' }, host: { type: 'string', default: '127.0.0.1' }, topology: { type: 'string', default: 'three-nodes' }, seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' }, paused: { type: 'boolean', default: false }, headless: { type: 'boolean', default: false }, kubeconfig: { type: 'string' }, tls: { type: 'boolean', default: false },
    anonymous: { type: 'boolean', default: false },
  } });
  const speed: LiveSpeed = values.paused ? 'paused' : values.speed === 'max' ? 'max' : Number(values.speed);
  if (typeof speed === 'number' && !(speed > 0 && speed <= 100_000)) throw new Error(`--speed ${values.speed}: a number of virtual seconds per second, or max`);
  const [port, seed] = [Number(values.port), Number(values.seed)];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: not a port`);
  if (!Number.isInteger(seed) || seed < 0) throw new Error(`--seed ${values.seed}: not a whole number`);
  return { ...values, port, seed, speed };
}

/** Over TLS a kubectl without any credential asks for a user name; the administrator's token is their name. (Without TLS kubectl sends no token.) */
const kubeconfig = (url: string, ca: string | undefined, anonymous: boolean): string => `apiVersion: v1
kind: Config
clusters:
- name: orrery
  cluster: {server: "${url}"${ca === undefined ? '' : `, certificate-authority-data: ${Buffer.from(ca).toString('base64')}`}}
contexts:
- name: orrery
  context: {cluster: orrery, user: kubernetes-admin}
current-context: orrery
users:
- name: kubernetes-admin
  user: {${ca === undefined && !anonymous ? '' : 'token: kubernetes-admin'}}
`;

try {
  const { port, host, topology, seed, speed, kubeconfig: file, tls, headless, anonymous } = options();
  if (!headless && !makePage()) throw new Error('The page could not be built; --headless serves the API alone.');
  const live = new LiveSession({ version: 1, seed, topology, commands: [] }, speed);
  const made = tls ? makeCertificate([...new Set(['localhost', '127.0.0.1', '::1', host])], Date.now()) : undefined;
  const loopbackOnly = ['127.0.0.1', '::1', 'localhost'].includes(host);
  // At the wall's pace the world's dates are told as the wall's; at any other they would drift apart, and stay the world's own.
  const wallTime = speed === 1 ? new WallTime(Date.now(), live.nowUs) : undefined;
  const server = createHttpServer(live, { loopbackOnly, anonymous, ...(wallTime !== undefined && { wallTime }), ...(made !== undefined && { tls: made }), ...(!headless && { page: servePage() }) });
  server.on('error', (error) => { console.error(error.message); process.exit(1); });
  server.listen(port, host, () => {
    const { port: given } = server.address() as AddressInfo;
    const url = `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${given}`;
    if (file !== undefined) writeFileSync(file, kubeconfig(url, made?.cert, anonymous));
    live.run();
    console.log(`${headless ? '' : `The cluster is to be seen at ${url}/\n`}The cluster's API is at ${url}\n  kubectl -s ${url}${tls ? ' --insecure-skip-tls-verify' : ''} get nodes${file === undefined ? '' : `\n  KUBECONFIG=${file} kubectl get nodes`}`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { live.stop(); server.closeAllConnections(); server.close(() => process.exit(0)); });
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
