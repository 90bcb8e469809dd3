import type { Node, Pod } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis } from '../../kubernetes/apimachinery/quantity.ts';
import type { Checker } from './checker.ts';
import { onEtcdChange } from './etcd-changes.ts';

interface Asked { readonly node: string; readonly cpu: number; readonly memory: number }
interface Room { cpu: number; memory: number; pods: number }

/** What the scheduler binds to a node never asks for more than the node offers: cpu, memory, and the number of Pods. */
export const noNodeOverCommitted: Checker = {
  name: 'no-node-over-committed-by-the-scheduler',
  begin() {
    const asked = new Map<string, Asked>();
    const offered = new Map<string, Room>();
    const used = new Map<string, Room>();
    const add = ({ node, cpu, memory }: Asked, sign: 1 | -1): Room => {
      const room = used.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
      used.set(node, room);
      room.cpu += sign * cpu;
      room.memory += sign * memory;
      room.pods += sign;
      return room;
    };
    return onEtcdChange(({ type, kv }) => {
      if (kv.key.startsWith('/registry/minions/') && type === 'PUT') {
        const { metadata, status } = kv.value as Node;
        const offer = status?.allocatable;
        if (offer !== undefined) offered.set(metadata.name, { cpu: cpuMillis(offer['cpu'] ?? '0'), memory: bytes(offer['memory'] ?? '0'), pods: Number(offer['pods'] ?? 0) });
      }
      if (!kv.key.startsWith('/registry/pods/')) return undefined;
      const before = asked.get(kv.key);
      const pod = type === 'PUT' ? (kv.value as Pod) : undefined;
      const counts = pod !== undefined && pod.spec.nodeName !== undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
      if (counts === (before !== undefined)) return undefined;
      if (before !== undefined) {
        asked.delete(kv.key);
        add(before, -1);
        return undefined;
      }
      const now: Asked = { node: pod!.spec.nodeName!, ...requestsOf(pod!) };
      asked.set(kv.key, now);
      const sum = add(now, 1);
      const limit = offered.get(now.node);
      if (limit === undefined) return undefined;
      if (sum.cpu <= limit.cpu && sum.memory <= limit.memory && sum.pods <= limit.pods) return undefined;
      return `with ${kv.key} ${now.node} has ${sum.pods} Pods asking for ${sum.cpu}m cpu and ${sum.memory} bytes, and offers ${limit.pods}, ${limit.cpu}m and ${limit.memory}`;
    });
  },
};

function requestsOf({ spec }: Pod): { readonly cpu: number; readonly memory: number } {
  let cpu = 0;
  let memory = 0;
  for (const container of spec.containers) {
    cpu += cpuMillis(container.resources?.requests?.['cpu'] ?? '0');
    memory += bytes(container.resources?.requests?.['memory'] ?? '0');
  }
  return { cpu, memory };
}
