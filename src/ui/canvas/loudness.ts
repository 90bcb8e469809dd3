import type { MessageRow, PodRow } from '../../session/port/rows.ts';
import type { View } from '../../store/state.ts';

/** How much a message is made of: drawn as itself, as a small grey dot, or not at all. */
export type Loudness = 'loud' | 'faint' | 'hidden';

/** While time passes faster than this, heartbeats are a blur. */
const blurRate = 30;

export interface Listening extends Pick<View, 'chatter' | 'spotlight'> { /** The Pod that the picture stays with. */ readonly followed?: Pick<PodRow, 'name' | 'node'>; readonly rate: number }

/** Does the message speak of the Pod? Its label names it; a call to the runtime names no Pod, so those on its node count. */
export const concerns = (message: MessageRow, { name, node }: Pick<PodRow, 'name' | 'node'>): boolean =>
  message.label.split(/[\s/]/).includes(name) || ((message.kind === 'cri' || message.kind === 'cni') && node !== '' && message.from.startsWith(`${node}/`));

export function loudnessOf(message: MessageRow, { chatter, spotlight, followed, rate }: Listening): Loudness {
  if (spotlight !== null && spotlight.records.has(message.id)) return 'loud';
  if (message.background) return chatter && rate < blurRate ? 'faint' : 'hidden';
  if (spotlight !== null) return 'faint';
  return followed === undefined || concerns(message, followed) ? 'loud' : 'faint';
}
