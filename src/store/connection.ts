import type { FromSession, ToSession } from '../session/port/protocol.ts';

/** The page's end of the session's port, whatever carries it. */
export interface SessionConnection {
  send(request: ToSession): void;
  listen(hear: (answer: FromSession) => void): void;
  close(): void;
}
