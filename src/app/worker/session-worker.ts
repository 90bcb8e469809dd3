import type { ManifestReading } from '../../kubernetes/yaml/index.ts';
import { buffersOf } from '../../session/port/mass-status.ts';
import type { FromSession, ToSession } from '../../session/port/protocol.ts';
import type { answerQuery } from '../../session/answer-query.ts';
import { createSession } from '../../session/session.ts';

/** The session in a Web Worker. What reads YAML and what answers questions are parts of their own, fetched when the first manifest or question comes. */
type Reader = (text: string, options: { fileName?: string }) => ManifestReading;

let reader: Reader | undefined;
let answerer: typeof answerQuery | undefined;
const post = (message: FromSession): void => {
  if (message.type === 'frame' && message.mass !== undefined) self.postMessage(message, { transfer: buffersOf(message.mass) as ArrayBuffer[] });
  else self.postMessage(message);
};
const session = createSession({
  emit: post,
  readManifests(text, fileName) {
    if (reader === undefined) throw new Error('A manifest came before its reader.');
    return reader(text, { fileName });
  },
  get answerQuery() { return answerer; },
});

/** Manifests, and the requests of HTTP clients in a recording of a served cluster. */
const bringsObjects = (command: string): boolean => command.endsWith('-manifest') || command === 'send-request';

const carriesManifest = (message: ToSession): boolean =>
  (message.type === 'dispatch' && bringsObjects(message.command.type)) || (message.type === 'open' && message.recording.commands.some(({ command }) => bringsObjects(command.type)));

/** Messages are taken one after the other, also where one has to wait for the reader. */
let queue: Promise<void> = Promise.resolve();
self.addEventListener('message', (event: MessageEvent<ToSession>) => {
  queue = queue.then(async () => {
    if (reader === undefined && carriesManifest(event.data)) ({ readManifests: reader } = await import('../../cluster/with-manifests.ts'));
    if (answerer === undefined && event.data.type === 'query') ({ answerQuery: answerer } = await import('../../session/answer-query.ts'));
    session.receive(event.data);
  }).catch((error: unknown) => { post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }); });
});
