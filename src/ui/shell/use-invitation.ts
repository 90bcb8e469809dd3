import { useEffect } from 'react';
import type { AppState } from '../../store/state.ts';
import { objectKey, viewOf } from '../../store/rows-view.ts';
import { useSession } from './app-store.ts';

const pausesMs = 1_200;

/** A node whose loss would be seen: a ready Pod with an owner runs on it. */
function nodeToLose(state: AppState): string | undefined {
  const { workloads, podsByNode } = viewOf(state.rows);
  if (workloads.length === 0 || !workloads.every((row) => row.ready === row.desired && row.current === row.desired)) return undefined;
  const nodes = [...podsByNode].filter(([node, pods]) => node !== '' && pods.some((pod) => pod.ready && pod.ownerName.startsWith('ReplicaSet/'))).map(([node]) => node).sort();
  return nodes[Math.min(1, nodes.length - 1)];
}

/** When the first thing that was applied runs, names the next thing to try; once, and only to whoever began here: a session found again needs no guide. */
export function useInvitation(): void {
  const session = useSession();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let beganHere = false;
    const stop = session.subscribe((state, before) => {
      if (state.rows === before.rows || state.phase !== 'ready') return;
      const { commands } = state.recording;
      beganHere ||= commands.length === 0;
      if (commands.length === 0 || !beganHere) return;
      // Whoever has found out how to do more than apply needs no invitation.
      if (commands.some(({ command }) => command.type !== 'apply-manifest')) return stop();
      const node = nodeToLose(state);
      if (node === undefined) return;
      stop();
      timer = setTimeout(() => session.act.notify(`Now pull the plug of a node: click ${node} → Power off.`, 'plain', { type: 'object', key: objectKey('Node', '', node), apiVersion: 'v1', kind: 'Node', namespace: '', name: node }), pausesMs);
    });
    return () => { stop(); clearTimeout(timer); };
  }, [session]);
}
