import type { Plugin, Rejection } from '../framework.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match the requested node name"], resolvable: false };

/** Lets a Pod that names its node go nowhere else. Models plugins/nodename/node_name.go. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filters: ({ pod }) => pod.spec.nodeName !== undefined && pod.spec.nodeName !== '',
  filter: ({ pod }, node) => (pod.spec.nodeName === node.name ? undefined : rejection),
  mayHelp: (event) => event.resource === 'Node' && event.changes.includes('Add'),
};
