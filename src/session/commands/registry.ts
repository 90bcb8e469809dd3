import { applyManifest } from './apply-manifest.ts';
import type { CommandDefinition } from './command.ts';
import { cordonNode } from './cordon-node.ts';
import { deleteManifest } from './delete-manifest.ts';
import { deleteObject } from './delete-object.ts';
import { healNode } from './heal-node.ts';
import { hangUp } from './hang-up.ts';
import type { SessionCommand } from './index.ts';
import { openProxy } from './open-proxy.ts';
import { partitionNode } from './partition-node.ts';
import { powerOffNode } from './power-off-node.ts';
import { powerOnNode } from './power-on-node.ts';
import { say } from './say.ts';
import { scaleObject } from './scale-object.ts';
import { sendRequest } from './send-request.ts';
import { slowNode } from './slow-node.ts';
import { startComponent } from './start-component.ts';
import { stopComponent } from './stop-component.ts';
import { uncordonNode } from './uncordon-node.ts';

/** Everything a user can do to the world. */
const definitions: { readonly [T in SessionCommand['type']]: CommandDefinition<Extract<SessionCommand, { type: T }>> } = {
  'apply-manifest': applyManifest,
  'delete-manifest': deleteManifest,
  'delete-object': deleteObject,
  'scale-object': scaleObject,
  'cordon-node': cordonNode,
  'uncordon-node': uncordonNode,
  'power-off-node': powerOffNode,
  'power-on-node': powerOnNode,
  'partition-node': partitionNode,
  'slow-node': slowNode,
  'heal-node': healNode,
  'stop-component': stopComponent,
  'start-component': startComponent,
  'open-proxy': openProxy,
  'send-request': sendRequest,
  say,
  'hang-up': hangUp,
};

/** The definition of a command that may come from anywhere (a link, a file): undefined if there is none of its type. */
export function definitionOf(command: SessionCommand): CommandDefinition | undefined {
  return Object.hasOwn(definitions, command.type) ? (definitions[command.type] as unknown as CommandDefinition) : undefined;
}
