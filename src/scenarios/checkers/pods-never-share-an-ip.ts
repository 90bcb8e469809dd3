import type { ContainerdState } from '../../cluster/containerd/runtime-state.ts';
import type { Checker } from './checker.ts';

/** Two live sandboxes never have one address, on whatever node they are: the runtimes are asked, not the API. */
export const podsNeverShareAnIp: Checker = {
  name: 'pods-never-share-an-ip',
  begin() {
    const byAddress = new Map<string, { readonly sandboxes: ContainerdState['sandboxes']; readonly ips: readonly string[] }>();
    const owners = new Map<string, string>();
    return {
      afterStep(address, program, state) {
        if (program !== 'containerd' || state === undefined) return undefined;
        const { sandboxes } = state as ContainerdState;
        const before = byAddress.get(address);
        if (before?.sandboxes === sandboxes) return undefined;
        for (const ip of before?.ips ?? []) owners.delete(ip);
        const ips: string[] = [];
        for (const { shown, hostNetwork } of sandboxes.values()) {
          if (hostNetwork || shown.ip === '' || shown.state !== 'SANDBOX_READY') continue;
          const owner = `${shown.metadata.namespace}/${shown.metadata.name} on ${address}`;
          const other = owners.get(shown.ip);
          if (other !== undefined) return `${owner} and ${other} both have the address ${shown.ip}`;
          owners.set(shown.ip, owner);
          ips.push(shown.ip);
        }
        byAddress.set(address, { sandboxes, ips });
        return undefined;
      },
    };
  },
};
