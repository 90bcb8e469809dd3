// `npm start`: from a fresh clone to the page in a browser. Only Node's own modules here: nothing is installed yet.
import { join } from 'node:path';
import { build, isBuilt } from './build.mjs';
import { requireNodeVersion } from './node-version.mjs';
import { install, projectRoot } from './npm.mjs';
import { serve } from './serve.mjs';

const defaultPort = 4173;

/** The port the user asked for, or ours; ends the program when what was asked for is no port. */
function wantedPort(asked = process.env['PORT']) {
  if (asked === undefined || asked === '') return defaultPort;
  const port = Number(asked);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  console.error(`PORT must be a number from 0 to 65535, not "${asked}".`);
  process.exit(1);
}

/** Ends the program when a step before serving has failed: its own output has said why. */
function requireSuccess(step, code) {
  if (code === 0) return;
  console.error(`${step} failed, so there is nothing to serve.`);
  process.exit(code);
}

requireNodeVersion();
const port = wantedPort();
requireSuccess('Installing', await install());
if (!isBuilt()) {
  console.log('Building the page…');
  requireSuccess('The build', await build());
}

try {
  const host = process.env['HOST'] || undefined;
  const server = await serve(join(projectRoot, 'dist'), { port, host });
  if (port !== 0 && server.port !== port) console.log(`Port ${port} is taken, so this is the next free one.`);
  console.log(`Orrery is at http://${host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${server.port}/`);
  const stop = () => void server.close().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  // Killing npm kills the shell between us, which does not pass it on: without this the server would stay behind, holding its port.
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] !== undefined) setInterval(() => process.ppid !== parent && stop(), 500).unref();
} catch (error) {
  console.error(`The page could not be served: ${error.message}`);
  process.exit(1);
}
