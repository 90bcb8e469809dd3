import type { SessionCommand } from '../commands/index.ts';

/**
 * What a field of a command may hold when it comes from outside: text up to so many characters, one of a few words, a whole number, yes or no,
 * or plain JSON of up to so many characters. */
export type FieldShape = { readonly textUpTo: number; readonly optional?: true } | { readonly oneOf: readonly string[]; readonly optional?: true } | { readonly wholeUpTo: number; readonly optional?: true } | { readonly flag: true; readonly optional?: true } | { readonly jsonUpTo: number; readonly optional?: true };

/** The fields of a command of one type; the compiler asks for each of them, and for no other. */
type CommandShape<C> = { readonly [F in Exclude<keyof C, 'type'>]-?: FieldShape };

const name: FieldShape = { textUpTo: 512 };
const manifest: FieldShape = { textUpTo: 4_000_000 };
const onNode = { node: name };
const onProgram = { address: name };

/** Each command there is, as a recording from outside must hold it. */
export const commandShapes: { readonly [T in SessionCommand['type']]: CommandShape<Extract<SessionCommand, { type: T }>> } = {
  'apply-manifest': { text: manifest, fileName: name },
  'delete-manifest': { text: manifest, fileName: name },
  'delete-object': { apiVersion: name, kind: name, namespace: name, name, force: { flag: true, optional: true } },
  'scale-object': { kind: { oneOf: ['Deployment', 'ReplicaSet', 'StatefulSet'] }, namespace: name, name, replicas: { wholeUpTo: 1_000_000 } },
  'cordon-node': onNode,
  'uncordon-node': onNode,
  'power-off-node': onNode,
  'power-on-node': onNode,
  'partition-node': onNode,
  'slow-node': { node: name, delayMs: { wholeUpTo: 1_000_000 } },
  'heal-node': onNode,
  'stop-component': onProgram,
  'start-component': onProgram,
  'open-proxy': {},
  'send-request': { id: name, request: { jsonUpTo: 4_000_000 } },
  say: { id: name, frame: name, body: { jsonUpTo: 4_000_000 } },
  'hang-up': { id: name },
};
