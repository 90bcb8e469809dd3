/** HTTP that comes to a container from outside its Pod: whoever dialled has found its node. */
import type { HttpRequest, HttpResponse } from '../../../kubernetes/protocols/http.ts';
import { respond } from '../../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../../simulation/process/process.ts';
import type { ContainerdState } from '../runtime-state.ts';
import { answerOf, listenerAt, type Turn } from './container.ts';
import { serverOf } from './http-servers.ts';

const workUs = 1_000;

export function answerHttp(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { ip, port, tls, from, method, path, headers, body } = event.body as HttpRequest;
  const at: Turn = { state, effects: [], env: event.env };
  const answered = (response: HttpResponse): Outcome<ContainerdState> => [at.state, [respond(event.id, { type: 'http.Response', body: response }, workUs)]];
  const row = listenerAt(state, event.env, ip, port);
  if (typeof row === 'string') return answered({ broken: row });
  if (tls && serverOf(row.config)?.tls?.(row.config, port) !== true) return answered({ broken: 'no TLS' });
  const { name, mounts = [] } = row.config;
  const sandbox = state.sandboxes.get(row.shown.podSandboxId);
  const hostname = sandbox?.hostNetwork === true ? state.node : sandbox?.shown.metadata.name.slice(0, 63) ?? '';
  const given = [{ path: '/etc/hostname', readOnly: false, files: { '': `${hostname}\n` } }, ...mounts];
  const { code, headers: told, body: said } = answerOf(at, row, { [name]: given }, { method, path, version: 'HTTP/1.1', headers, body }, { client: from, port, tls });
  return answered({ code, headers: told, body: method === 'HEAD' ? '' : said });
}
