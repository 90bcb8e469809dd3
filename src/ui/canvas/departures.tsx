import { ViewportPortal } from '@xyflow/react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import { Farewells } from './farewell.ts';
import type { Departure } from './farewell.ts';
import { PodFace, toneOf } from './pod-card.tsx';
import css from './pod.module.css';

const Gone = createContext<readonly Departure[]>([]);

/** Remembers for a moment who left the stage in it. */
export function DeparturesProvider({ children }: { readonly children: ReactNode }) {
  const [gone, setGone] = useState<readonly Departure[]>([]);
  return <Farewells value={setGone}><Gone value={gone}>{children}</Gone></Farewells>;
}

/** Those who have just left: they shrink where they were, in nobody's way. */
export function Departures() {
  const gone = useContext(Gone);
  return gone.length === 0 ? null : <ViewportPortal>{gone.map((departure) => <Leaving key={departure.key} departure={departure} />)}</ViewportPortal>;
}

function Leaving({ departure }: { readonly departure: Departure }) {
  const { key, row, size, box: { x, y, width, height } } = departure;
  const say = useContext(Farewells);
  const isBack = useApp((state) => state.rows[key] !== undefined);
  const forget = (): void => say((gone) => gone.filter((each) => each !== departure));
  useEffect(() => { if (isBack) forget(); });
  return isBack ? null : (
    <div aria-hidden="true" data-gone={key} className={css.ghost} style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
      <div className={classes(css.pod, css[size], css[toneOf(row)], css.departing)} onAnimationEnd={forget}><PodFace pod={row} size={size} /></div>
    </div>
  );
}
