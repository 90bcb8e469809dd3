import { readManifests } from '../../cluster/with-manifests.ts';
import type { SessionCommand } from '../commands/index.ts';
import type { MessageRow, Row } from '../port/rows.ts';
import type { Frame, FromSession, Query, QueryAnswer } from '../port/protocol.ts';
import { answerQuery } from '../answer-query.ts';
import { createSession, type Session } from '../session.ts';

export const second = 1_000_000;

/** A session of three nodes, as tests ask it questions: without a page. */
export class SmallWorld {
  nowUs = 0;
  /** What the page would show now. */
  readonly rows = new Map<string, Row | null>();
  readonly messages = new Map<number, MessageRow>();
  private readonly session: Session;
  private answer: FromSession | undefined;

  constructor(seed = 1) {
    this.session = createSession({ answerQuery, emit: (message) => this.hear(message), readManifests: (text, fileName) => readManifests(text, { fileName }) });
    this.session.receive({ type: 'open', recording: { version: 1, seed, topology: 'three-nodes', commands: [] } });
  }

  private hear(message: FromSession): void {
    if (message.type === 'failed') throw new Error(message.message);
    if (message.type === 'frame') {
      this.nowUs = (message as Frame).toUs;
      for (const { key, row } of (message as Frame).rows) this.rows.set(key, row);
      for (const row of (message as Frame).messages) this.messages.set(row.id, row);
    } else this.answer = message;
  }

  do(command: SessionCommand): void {
    this.session.receive({ type: 'dispatch', id: 1, atUs: this.nowUs, command });
    if (this.answer?.type !== 'dispatched') throw new Error(JSON.stringify(this.answer));
  }
  apply(text: string, forUs = 30 * second): void {
    this.do({ type: 'apply-manifest', text, fileName: 'test.yaml' });
    this.pass(forUs);
  }
  pass(forUs: number): void { this.session.receive({ type: 'know', throughUs: this.nowUs + forUs, untilNews: false, limitUs: this.nowUs + forUs }); }

  /** The answer to a question, which must be of the same type. */
  ask<T extends Query['type']>(query: Extract<Query, { readonly type: T }>, atUs = this.nowUs): Extract<QueryAnswer, { readonly type: T }> {
    this.session.receive({ type: 'query', id: 1, atUs, query });
    if (this.answer?.type !== 'answer' || this.answer.answer.type !== query.type) throw new Error(JSON.stringify(this.answer));
    return this.answer.answer as Extract<QueryAnswer, { readonly type: T }>;
  }
}

/** A Deployment of nginx, and a Service before it. */
export const web = (replicas: number, image = 'nginx:1.27'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: ${image}
        ports: [{containerPort: 80}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m}}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;

/** A Pod by itself that asks for so much cpu. */
export const pod = (name: string, cpu: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
  - name: main
    image: nginx:1.27
    resources: {requests: {cpu: '${cpu}'}}
`;
