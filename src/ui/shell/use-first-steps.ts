import { useEffect } from 'react';
import { hintAt, stepsIn } from '../../store/first-steps.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { useSession } from './app-store.ts';

/** What is so only for a moment is no matter for a hint. */
const lastsMs = 1_200;

/** What a hint depends on. */
const concerns = ['rows', 'recording', 'learnt', 'selection', 'inspecting', 'phase'] as const;

/** Shows one hint at a time to whoever began here: a session that is found again or was sent by somebody needs no guide. */
class Guide {
  readonly #session: SessionStore;
  #beganHere = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: SessionStore) {
    this.#session = session;
  }

  follow(): () => void {
    const stop = this.#session.subscribe((state, before) => {
      if (state.phase === 'opening') this.#beganHere = false;
      if (state.phase === 'ready' && (concerns.some((part) => state[part] !== before[part]) || state.view.mode !== before.view.mode)) this.#look();
    });
    return () => { stop(); clearTimeout(this.#timer); };
  }

  #look(): void {
    const state = this.#session.getState();
    this.#beganHere ||= state.recording.commands.length === 0;
    if (!this.#beganHere) return;
    const known = stepsIn(state.recording.commands).filter((step) => !state.learnt.includes(step));
    if (known.length > 0) return this.#session.act.learn(...known);
    const hint = hintAt(state);
    if (hint === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      if (state.hint !== null) this.#session.act.hint(null);
    } else if (state.hint !== null) {
      if (state.hint.text !== hint.text) this.#session.act.hint(hint);
    } else this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#session.act.hint(hintAt(this.#session.getState()) ?? null);
    }, lastsMs);
  }
}

export function useFirstSteps(): void {
  const session = useSession();
  useEffect(() => new Guide(session).follow(), [session]);
}
