import type { ApiServerState } from '../../cluster/kube-apiserver/state.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { Checker } from './checker.ts';

/** Only the administrator and the parts of the cluster ask here, and what every cluster's roles give is enough for all of them. */
export const componentsKeepToTheirRules: Checker = {
  name: 'components-keep-to-their-rules',
  begin: () => ({
    afterStep(address, program, state) {
      const [asked] = program === 'kube-apiserver' ? (state as ApiServerState | undefined)?.awaitingPolicy ?? [] : [];
      if (asked === undefined) return undefined;
      const { user, verb, resource, subresource, group } = asked.body as ApiRequest;
      // A kubelet may ask about a Pod that is gone by then, to which nothing relates its node any more.
      if (user.startsWith('system:node:')) return undefined;
      return `${user} asks ${address} to ${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} of the group "${group}", which no role of every cluster allows`;
    },
  }),
};
