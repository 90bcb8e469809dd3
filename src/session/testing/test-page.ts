import { readManifests } from '../../cluster/with-manifests.ts';
import type { SessionCommand } from '../commands/index.ts';
import type { FromSession, Query, QueryAnswer, Recording } from '../port/protocol.ts';
import type { Row } from '../port/rows.ts';
import { answerQuery } from '../answer-query.ts';
import { createSession } from '../session.ts';

const second = 1_000_000;

/** A user without a screen, for tests: acts, lets time pass, asks. */
export class TestPage {
  readonly rows = new Map<string, Row>();
  nowUs = 0;
  private readonly heard: FromSession[] = [];
  private readonly session = createSession({ answerQuery, emit: (message) => this.hear(message), readManifests: (text, fileName) => readManifests(text, { fileName }) });
  private next = 1;

  constructor(recording: Partial<Recording> = {}) { this.session.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'three-nodes', commands: [], ...recording } }); }

  private hear(message: FromSession): void {
    if (message.type === 'failed') throw new Error(message.message);
    if (message.type !== 'frame') { this.heard.push(message); return; }
    if (message.whole) this.rows.clear();
    for (const { key, row } of message.rows) if (row === null) this.rows.delete(key); else this.rows.set(key, row);
    this.nowUs = message.toUs;
  }

  /** Lets time pass. */
  wait(seconds: number): this {
    const throughUs = this.nowUs + seconds * second;
    this.session.receive({ type: 'know', throughUs, untilNews: false, limitUs: throughUs });
    return this;
  }

  do(...commands: readonly SessionCommand[]): this {
    for (const command of commands) {
      const id = this.next++;
      this.session.receive({ type: 'dispatch', id, atUs: this.nowUs, command });
      const answer = this.heard.find((each) => (each.type === 'dispatched' || each.type === 'refused') && each.id === id);
      if (answer?.type === 'refused') throw new Error(answer.problems[0]?.text);
    }
    return this;
  }

  apply(text: string, fileName = 'web.yaml'): this { return this.do({ type: 'apply-manifest', text, fileName }); }

  ask<T extends QueryAnswer['type']>(query: Query & { readonly type: T }): Extract<QueryAnswer, { type: T | 'nothing' }> {
    const id = this.next++;
    this.session.receive({ type: 'query', id, atUs: this.nowUs, query });
    const answer = this.heard.find((each) => each.type === 'answer' && each.id === id);
    return (answer as Extract<FromSession, { type: 'answer' }>).answer as Extract<QueryAnswer, { type: T | 'nothing' }>;
  }
}
