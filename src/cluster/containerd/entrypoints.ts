/** What images run when nobody says otherwise, and how well-known programs behave. */

export interface Behaviour {
  /** A server runs until it is stopped; anything else ends after `runsForUs`. */
  readonly server: boolean;
  readonly runsForUs?: number;
  readonly exitCode?: number;
  /** What it does on SIGTERM as process 1: ends with that code after a moment, or has no handler and is killed at the end of the grace period. */
  readonly onTerm?: number;
  readonly logs?: readonly string[];
  /** The first argument that means this, where the image has several programs in one; another means another server. */
  readonly subcommand?: string;
}

const second = 1_000_000;
const shellImage: Behaviour = { server: false, runsForUs: 20_000, exitCode: 0 };

/** By the last part of the image's name: what it does without command and args. Images that are not here are servers that end well on SIGTERM. */
export const imageDefaults: { readonly [name: string]: Behaviour } = {
  busybox: shellImage, alpine: shellImage, ubuntu: shellImage, debian: shellImage, fedora: shellImage, centos: shellImage, bash: shellImage, 'dnsutils': shellImage,
  python: shellImage, node: shellImage, ruby: shellImage, golang: shellImage, perl: shellImage, openjdk: shellImage, php: shellImage, curl: { server: false, runsForUs: 20_000, exitCode: 2, logs: ['curl: try \'curl --help\' for more information'] },
  'hello-world': { server: false, runsForUs: 10_000, exitCode: 0, logs: ['', 'Hello from Docker!', 'This message shows that your installation appears to be working correctly.'] },
  nginx: {
    server: true, onTerm: 0,
    logs: ['/docker-entrypoint.sh: Configuration complete; ready for start up', '[notice] 1#1: start worker processes'],
  },
  redis: { server: true, onTerm: 0, logs: ['* Running mode=standalone, port=6379.', '* Ready to accept connections tcp'] },
  mysql: { server: true, onTerm: 0, logs: ['[Entrypoint]: Entrypoint script for MySQL Server started.', '[System] [Server] /usr/sbin/mysqld: ready for connections.'] },
  postgres: { server: true, onTerm: 0, logs: ['LOG:  database system is ready to accept connections'] },
  httpd: { server: true, onTerm: 0, logs: ['AH00094: Command line: \'httpd -D FOREGROUND\''] },
  pause: { server: true, onTerm: 0 },
  // Models test/images/agnhost/pause/pause.go.
  agnhost: { server: true, onTerm: 2, logs: ['Paused', 'Signals registered'], subcommand: 'pause' },
};

/** By the program's own name (the last part of its path). */
export const programs: { readonly [name: string]: Behaviour } = {
  true: { server: false, runsForUs: 2_000, exitCode: 0 },
  false: { server: false, runsForUs: 2_000, exitCode: 1 },
  tail: { server: true }, cat: { server: false, runsForUs: 5_000 }, ping: { server: true }, top: { server: true }, yes: { server: true }, watch: { server: true }, nc: { server: true },
  // No handler for SIGTERM as process 1: the kernel ignores the signal for it.
  node: { server: true }, npm: { server: true }, python: { server: true }, python3: { server: true }, stress: { server: true, onTerm: 143 }, java: { server: true, onTerm: 143 },
  perl: { server: false, runsForUs: 7 * second, exitCode: 0 }, rev: { server: false, runsForUs: 5_000 }, ls: { server: false, runsForUs: 5_000 }, env: { server: false, runsForUs: 3_000 },
  printenv: { server: false, runsForUs: 3_000 }, touch: { server: false, runsForUs: 3_000 }, wget: { server: false, runsForUs: 150_000 }, curl: { server: false, runsForUs: 150_000 },
  nslookup: { server: false, runsForUs: 20_000 }, date: { server: false, runsForUs: 3_000 }, hostname: { server: false, runsForUs: 3_000 }, id: { server: false, runsForUs: 3_000 },
};

/** Programs a shell script calls for a moment; a name that is in neither table is a server when it is process 1, and a moment's work inside a script. */
export const momentaryUs = 10_000;
