import { defineCommand, onHost, slowedBy } from './command.ts';

/** The cut is mended: what waited in retransmission arrives. What was slow is as fast as it was. */
export const healNode = defineCommand<'heal-node'>({
  type: 'heal-node', mark: 'healed',
  title: ({ node }) => `join ${node}`,
  plan({ node }, tools) {
    const plan = onHost(node, tools, 'heal');
    return 'problems' in plan ? plan : { inputs: [...slowedBy(node, 0), ...plan.inputs] };
  },
});
