import { prepare, type Ready, type Work } from './bench-engine.ts';

/** The engine in a Worker: told a piece of work it makes ready; told nothing, it does it and says how it went. */
let ready: Ready | undefined;
addEventListener('message', ({ data }: MessageEvent<Work | undefined>) => {
  if (data !== undefined) ready = prepare(data);
  postMessage(data === undefined ? ready!() : undefined);
});
