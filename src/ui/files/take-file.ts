import { mostSavedBytes, readSaved, savedFileEnding } from '../../session/port/saved-file.ts';
import { isProblem } from '../../session/port/read-recording.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { clockText } from '../../store/words.ts';

const mostManifestBytes = 3_000_000;

const isYaml = ({ name }: File): boolean => /\.ya?ml$/i.test(name);
const isJson = ({ name }: File): boolean => /\.json$/i.test(name);

/** What was dropped on the page or chosen for it: one recording is opened, manifests go into the editor. What can not be read changes nothing. */
export async function takeFiles(session: SessionStore, files: readonly File[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const refuse = (text: string): void => session.act.notify(`${first.name}: ${text}`, 'bad');
  try {
    if (files.every(isYaml)) return await takeManifests(session, files, refuse);
    if (files.length > 1) return refuse('Either one recording, or manifests in YAML, can be opened at a time.');
    if (!isJson(first)) return refuse(`Only recordings (${savedFileEnding}) and manifests (.yaml) can be opened here.`);
    await takeRecording(session, first, refuse);
  } catch {
    refuse('The browser could not read this file.');
  }
}

async function takeRecording(session: SessionStore, file: File, refuse: (text: string) => void): Promise<void> {
  if (file.size > mostSavedBytes) return refuse('This file is too large to be a recording.');
  const saved = readSaved(await file.text());
  if (isProblem(saved)) return refuse(saved.text);
  if (!(await session.act.openChecked(saved.recording, saved.playheadUs))) return;
  session.act.look({ camera: saved.camera ?? null, focus: null, following: null });
  const { length } = saved.recording.commands;
  session.act.notify(`“${saved.name}” was opened: ${length} ${length === 1 ? 'action' : 'actions'}${saved.playheadUs === undefined ? '' : `, shown at ${clockText(saved.playheadUs)}`}.`, 'plain', 'play');
}

async function takeManifests(session: SessionStore, files: readonly File[], refuse: (text: string) => void): Promise<void> {
  if (files.reduce((sum, { size }) => sum + size, 0) > mostManifestBytes) return refuse('This is more than the editor can hold.');
  const texts = await Promise.all(files.map((file) => file.text()));
  session.act.setManifest(texts.map((text) => text.trimEnd()).join('\n---\n') + '\n', files[0]!.name);
  session.act.look({ panel: 'manifest' });
}
