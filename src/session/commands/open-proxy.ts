import { apiServerAddress, balancerAddress } from '../../scenarios/topologies/index.ts';
import { defineCommand, proxy } from './command.ts';

/** `kubectl proxy`: from here on clients from outside the world can speak to it. */
export const openProxy = defineCommand<'open-proxy'>({
  type: 'open-proxy', mark: 'command',
  title: () => 'open a door for your own clients',
  plan: (_, { addresses }) => ({ inputs: [{ type: 'add-process', process: { address: proxy, program: 'kubectl-proxy', input: { apiServer: addresses.has(balancerAddress) ? balancerAddress : apiServerAddress } } }] }),
});
