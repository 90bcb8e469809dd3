import type { SessionStore } from '../../store/session-store.ts';
import { encodeMoment } from './moment-link.ts';

/** The page's own address, without what was asked of it this time. */
export const pageAddress = (): string => new URL(location.pathname, location.href).href;

/** An address under which anybody sees what is seen now. */
export async function momentAddress({ getState, act }: SessionStore): Promise<{ readonly href: string; readonly atUs: number }> {
  const { recording, playheadUs, scene, view: { lens, chatter, legend, following, camera } } = getState();
  const atUs = Math.floor(playheadUs);
  const answer = await act.query({ type: 'state-hash' });
  const { check: _older, ...bare } = recording;
  // The playhead may have gone on while the world was asked: then the link is of the moment it was asked at.
  const check = answer.type === 'state-hash' ? { atUs: answer.atUs, hash: answer.hash } : undefined;
  const hash = await encodeMoment({
    recording: { ...bare, ...(check !== undefined && { check }) }, atUs: check?.atUs ?? atUs,
    ...(scene !== null && { sceneId: scene.id }), view: { lens, chatter, legend, following, camera },
  });
  return { href: pageAddress() + hash, atUs };
}
