import { useEffect } from 'react';
import { findInMass } from '../../store/finding/mass-matches.ts';
import { countText, findAll, lineTest } from '../../store/finding/search-matches.ts';
import { isEmpty, parseSearch } from '../../store/finding/search-query.ts';
import type { Found } from '../../store/finding/search-matches.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { MassLight, Spotlight } from '../../store/state.ts';
import { useSession } from '../shell/app-store.ts';

/** The world may change with every frame; what is lit follows so often at most. */
const everyMs = 120;

const sameKeys = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((key) => b.has(key));

/** Keeps the spotlight and the log true to what is asked for, also while the world goes on. */
class FilterKeeper {
  #own: Spotlight | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastMs = -Infinity;
  readonly #session: SessionStore;

  constructor(session: SessionStore) {
    this.#session = session;
  }

  follow(): () => void {
    const stop = this.#session.subscribe((state, before) => {
      const { filter, spotlight } = state.view;
      if (filter !== before.view.filter) return this.#light();
      // Somebody else took the light, or put it out: the words that asked for it go with it.
      if (this.#own !== null && spotlight !== this.#own) return this.#release();
      if (filter !== '' && (state.rows !== before.rows || state.mass !== before.mass)) this.#soon();
    });
    this.#light();
    return () => { stop(); clearTimeout(this.#timer); };
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#light(), Math.max(0, everyMs - (performance.now() - this.#lastMs)));
  }

  #release(): void {
    this.#own = null;
    this.#session.act.look({ filter: '', logFilter: null, finding: false });
  }

  #light(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastMs = performance.now();
    const { view, rows, mass } = this.#session.getState();
    const parsed = parseSearch(view.filter);
    if (!('query' in parsed) || isEmpty(parsed.query)) return this.#putOut();
    const found: Found & { readonly mass?: MassLight } = mass === null ? findAll(parsed.query, rows) : findInMass(parsed.query, mass.table);
    const title = `${parsed.query.text} · ${countText(found)}`;
    if (mass === null && this.#own !== null && view.spotlight === this.#own && this.#own.title === title && sameKeys(this.#own.keys, found.keys)) return;
    this.#own = { title, keys: found.keys, records: new Set(), ...(found.mass !== undefined && { mass: found.mass }) };
    this.#session.act.look({ spotlight: this.#own, logFilter: lineTest(parsed.query, found, rows) });
  }

  #putOut(): void {
    const own = this.#own;
    this.#own = null;
    const { view } = this.#session.getState();
    if (own !== null || view.logFilter !== null) this.#session.act.look({ logFilter: null, ...(view.spotlight === own ? { spotlight: null } : {}) });
  }
}

/** From the first thing looked for on, what is lit follows the words and the world. */
export function useFilter(): void {
  const session = useSession();
  useEffect(() => new FilterKeeper(session).follow(), [session]);
}
