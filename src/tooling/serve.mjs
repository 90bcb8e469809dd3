import { createServer } from 'node:http';
import { staticHandler } from '../server/static-files.mjs';

export { contentSecurityPolicy, locate, staticHandler } from '../server/static-files.mjs';

const listenOn = (handler, host, port) => new Promise((done, fail) => {
  const server = createServer((request, response) => {
    handler(request, response).catch(() => response.destroy());
  });
  server.once('error', fail);
  server.listen(port, host, () => done(server));
});

/** Listens on one port at every given address, or on none: `localhost` may mean 127.0.0.1 to one browser and ::1 to another. */
async function listenEverywhere(handler, hosts, port) {
  const servers = [];
  for (const host of hosts) {
    try {
      servers.push(await listenOn(handler, host, servers[0]?.address().port ?? port));
    } catch (error) {
      const noSuchAddress = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code) && servers.length > 0;
      if (noSuchAddress) continue;
      for (const server of servers) server.close();
      throw error;
    }
  }
  return servers;
}

/**
 * Serves a folder, on this machine only unless a host is named, at the wanted port or the next free one above it.
 * @param {string} folder
 * @param {{ port: number, host?: string | undefined }} where port 0 means any free one
 */
export async function serve(folder, { port, host }) {
  const handler = staticHandler(folder);
  const hosts = host === undefined ? ['127.0.0.1', '::1'] : [host];
  for (let candidate = port; ; candidate = candidate === 0 ? 0 : candidate + 1) {
    try {
      const servers = await listenEverywhere(handler, hosts, candidate);
      const close = () => Promise.all(servers.map((server) => new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      })));
      return { port: servers[0].address().port, close };
    } catch (error) {
      const taken = error.code === 'EADDRINUSE' || (error.code === 'EACCES' && candidate < 1024);
      if (!taken || candidate >= Math.min(port + 200, 65535)) throw error;
    }
  }
}
