import type { FromSession, ToSession } from '../session/port/protocol.ts';

/** The page's end of the session's port, whatever carries it. */
export interface SessionConnection {
  /** The world at the other end has a clock of its own, and others act in it. */
  readonly served?: true;
  send(request: ToSession): void;
  listen(hear: (answer: FromSession) => void): void;
  close(): void;
}
