import type { Recording } from '../session/port/protocol.ts';
import { scenes } from '../scenes/index.ts';
import type { Kept, SessionStore } from '../store/session-store.ts';
import { newRecording } from '../store/session-store.ts';
import type { Theme, View } from '../store/state.ts';
import type { EmbedOptions } from '../ui/embedded/options.ts';
import { readKept } from './kept.ts';

/** What the address asks the page to begin with. */
export interface Beginning {
  readonly kept: Kept;
  readonly view: Partial<View>;
  /** What the world has to be at the moment it is opened at. */
  readonly check?: Recording['check'];
  /** What could not be had, in a sentence. */
  readonly complaint?: string;
  /** The recording came with the address: the user's own session stays kept beside it. */
  readonly foreign: boolean;
  readonly embed?: EmbedOptions;
}

const themes: readonly Theme[] = ['system', 'dark', 'light', 'projector-light', 'projector-dark', 'contrast'];

/** Reads the address: a moment, a scene, a world by name, or nothing but the page itself. */
export async function whatToOpen({ hash, search }: { readonly hash: string; readonly search: string }): Promise<Beginning> {
  const query = new URLSearchParams(search);
  const embedded = query.get('embed') === '1';
  const theme = themes.find((each) => each === query.get('theme'));
  const own: Kept = { ...(embedded ? { playing: false } : readKept()), ...(theme !== undefined && { theme }) };
  const controls = (['none', 'bar', 'full'] as const).find((each) => each === query.get('controls')) ?? 'bar';
  const view: Partial<View> = { mode: embedded ? 'embed' : query.get('mode') === 'present' ? 'present' : 'explore' };
  const begun = { view, ...(embedded && { embed: { controls } }) };
  const asked = (await momentAsked(hash, own)) ?? (await sceneAsked(query.get('scene'), own)) ?? worldAsked(query, own) ?? { kept: { ...own, ...(await sceneOf(own.sceneId)) }, foreign: embedded };
  return { ...begun, ...asked, view: { ...asked.view, ...view }, kept: embedded ? { ...asked.kept, playing: false } : asked.kept };
}

/** A served world is what it is: nothing of an earlier visit but how the page looked. */
export function servedBeginning(): Beginning {
  const { theme, learnt } = readKept();
  return { kept: { ...(theme !== undefined && { theme }), ...(learnt !== undefined && { learnt }), playing: true }, view: {}, foreign: false };
}

type Asked = Omit<Beginning, 'view' | 'embed'> & { readonly view?: Partial<View> };

async function momentAsked(hash: string, own: Kept): Promise<Asked | undefined> {
  if (!hash.startsWith('#o=')) return undefined;
  const { decodeMoment } = await import('../ui/share/moment-link.ts');
  const moment = await decodeMoment(hash);
  if ('text' in moment) return { kept: own, foreign: false, complaint: moment.text };
  return { kept: { ...own, recording: moment.recording, playheadUs: moment.atUs, playing: false, ...(await sceneOf(moment.sceneId)) }, view: moment.view, check: moment.recording.check, foreign: true };
}

/** The words of a ready scene, which a link and a kept session only name. */
const sceneOf = async (id: string | undefined): Promise<Pick<Kept, 'scene'>> => (await scenes.find((each) => each.id === id)?.load()) ?? {};

async function sceneAsked(id: string | null, own: Kept): Promise<Asked | undefined> {
  if (id === null) return undefined;
  const entry = scenes.find((each) => each.id === id);
  if (entry === undefined) return { kept: own, foreign: false, complaint: `There is no scene “${id.slice(0, 60)}”. There are ${scenes.map((each) => each.id).join(', ')}.` };
  const { scene } = await entry.load();
  return { kept: { ...own, recording: scene.recording, playheadUs: scene.startUs, playing: true, scene }, foreign: true };
}

/** A world named in the address (`?topology=nodes-20&seed=7`, `?synthetic=5000x150000`) is opened in place of the kept one, which stays kept until the user acts in this one. */
function worldAsked(query: URLSearchParams, own: Kept): Asked | undefined {
  const synthetic = query.get('synthetic');
  const [topology, seed] = [synthetic === null ? query.get('topology') : `synthetic-${synthetic}`, query.get('seed')];
  if (topology === null && seed === null) return undefined;
  const fresh = newRecording();
  const { theme } = own;
  return { kept: { ...(theme !== undefined && { theme }), recording: { ...fresh, topology: topology ?? fresh.topology, seed: /^\d{1,9}$/.test(seed ?? '') ? Number(seed) : fresh.seed } }, foreign: true };
}

/** Says what is not as the address promised, once the world is there. */
export function holdToPromise(store: SessionStore, { check, complaint, foreign, embed }: Beginning): void {
  if (complaint !== undefined) store.act.notify(complaint, 'bad');
  if (!foreign) return;
  const stop = store.subscribe((state) => {
    if (state.phase === 'failed') {
      stop();
      // A frame has no session of its own to go back to: it says what failed.
      if (embed !== undefined) return;
      store.act.notify(`What this link holds can not be played here: ${state.failure.replace(/\.?$/, '.')} Here is your own session instead.`, 'bad');
      const own = readKept();
      store.act.open(own.recording ?? newRecording(), own.playheadUs);
    } else if (state.phase === 'ready') {
      stop();
      if (check !== undefined) void compare(store, check);
    }
  });
}

async function compare(store: SessionStore, check: NonNullable<Recording['check']>): Promise<void> {
  // The world says that it is there before the playhead is.
  await Promise.resolve();
  const answer = await store.act.query({ type: 'state-hash' });
  if (answer.type !== 'state-hash' || answer.hash === check.hash) return;
  store.act.notify('This link was made with another version of Orrery: what you see may differ from what was shared.', 'bad');
}
