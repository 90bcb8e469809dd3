/** Which rules a node needs for the Services there are. Models pkg/proxy/iptables/proxier.go: syncProxyRules, pkg/proxy/servicechangetracker.go, pkg/proxy/topology.go: CategorizeEndpoints. */
import type { Endpoint, EndpointSlice, Protocol, Service } from '../../kubernetes/api/index.ts';

/** One place a connection may be sent to; iptables picks one at random for each connection. */
export interface RuleEndpoint { readonly address: string; readonly port: number; readonly nodeName: string | undefined }

/** What the kernel does with connections to one port of one Service. */
export interface Rule {
  /** `default/web:http`. */
  readonly service: string;
  readonly clusterIP: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly nodePort: number | undefined;
  readonly sessionAffinity: boolean;
  readonly endpoints: readonly RuleEndpoint[];
}

export const serviceLabel = 'kubernetes.io/service-name';

/** The rules for one Service, from its slices; none for headless and ExternalName ones. A port without endpoints has a rule that rejects. */
export function rulesOf(service: Service, slices: Iterable<EndpointSlice>, node: string): readonly Rule[] {
  const { clusterIP, type, ports = [] } = service.spec;
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None' || type === 'ExternalName') return [];
  const own = [...slices].filter(({ addressType }) => addressType === 'IPv4');
  return ports.map((port) => ({
    service: `${service.metadata.namespace ?? 'default'}/${service.metadata.name}${port.name === undefined || port.name === '' ? '' : `:${port.name}`}`,
    clusterIP, port: port.port, protocol: port.protocol ?? 'TCP', nodePort: port.nodePort,
    sessionAffinity: service.spec.sessionAffinity === 'ClientIP',
    endpoints: usable(endpointsOf(own, port.name ?? '', port.protocol ?? 'TCP'), service.spec.internalTrafficPolicy === 'Local' ? node : undefined),
  }));
}

type Candidate = RuleEndpoint & { readonly ready: boolean; readonly serving: boolean };

function endpointsOf(slices: readonly EndpointSlice[], portName: string, protocol: Protocol): readonly Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const slice of slices) {
    const port = (slice.ports ?? []).find((one) => (one.name ?? '') === portName && (one.protocol ?? 'TCP') === protocol)?.port;
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const candidate = candidateOf(endpoint, port);
      // The same Pod may stand in two slices for a moment; the one that is ready counts.
      if (candidate !== undefined && byAddress.get(candidate.address)?.ready !== true) byAddress.set(candidate.address, candidate);
    }
  }
  return [...byAddress.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function candidateOf({ addresses, conditions, nodeName }: Endpoint, port: number): Candidate | undefined {
  const address = addresses[0];
  if (address === undefined) return undefined;
  const ready = conditions?.ready !== false;
  return { address, port, nodeName, ready, serving: conditions?.serving ?? ready };
}

/** Ready endpoints; where there is none, those that still serve while they terminate. */
function usable(candidates: readonly Candidate[], onlyNode: string | undefined): readonly RuleEndpoint[] {
  const here = onlyNode === undefined ? candidates : candidates.filter(({ nodeName }) => nodeName === onlyNode);
  const ready = here.filter((one) => one.ready);
  return (ready.length > 0 ? ready : here.filter((one) => one.serving)).map(({ address, port, nodeName }) => ({ address, port, nodeName }));
}
