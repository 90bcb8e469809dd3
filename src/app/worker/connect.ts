import type { FromSession } from '../../session/port/protocol.ts';
import type { SessionConnection } from '../../store/connection.ts';
// oxlint-disable-next-line import/default -- what the bundler makes of it is an address
import workerAddress from './session-worker.ts?worker&url';

/** Starts a world in a Worker of its own, so that the page never waits for it. */
export function connectWorker(): SessionConnection {
  const worker = startWorker(new URL(workerAddress, location.href).href);
  let hear: (answer: FromSession) => void = () => undefined;
  worker.addEventListener('message', (event: MessageEvent<FromSession>) => hear(event.data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    hear({ type: 'failed', message: event.message || 'its program could not be loaded' });
  });
  worker.addEventListener('messageerror', () => hear({ type: 'failed', message: 'an answer could not be read' }));
  return {
    send: (request) => worker.postMessage(request),
    listen(next) { hear = next; },
    close: () => worker.terminate(),
  };
}

/**
 * A page in a sandboxed frame has an origin of its own, and none of the site's files is of that origin: a Worker can not be started from
 * them there. But a blob is the frame's own, and may import what any page may. (Chromium loads no module from such a blob, only a script.)
 */
function startWorker(address: string): Worker {
  if (self.origin !== 'null') return new Worker(address, { type: 'module' });
  return new Worker(URL.createObjectURL(new Blob([importing(address)], { type: 'text/javascript' })));
}

/** What is said to the Worker before its program has come is kept for it. */
const importing = (address: string): string => `
const early = [];
const keep = (event) => early.push(event.data);
addEventListener('message', keep);
import(${JSON.stringify(address)}).then(() => {
  removeEventListener('message', keep);
  for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
}, (error) => postMessage({ type: 'failed', message: String(error) }));
`;
