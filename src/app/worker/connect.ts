import type { FromSession } from '../../session/port/protocol.ts';
import type { SessionConnection } from '../../store/connection.ts';

/** Starts a world in a Worker of its own, so that the page never waits for it. */
export function connectWorker(): SessionConnection {
  const worker = new Worker(new URL('./session-worker.ts', import.meta.url), { type: 'module' });
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
