import { useContext, useEffect, useState } from 'react';
import { createSessionStore } from '../../store/session-store.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { ConnectContext, useApp, useSession } from '../shell/app-store.ts';

/** The store of the future beside: a world of its own, led by the page's clock. Nothing is done in it; it is looked at. */
export function useOtherStore(): SessionStore | null {
  const session = useSession();
  const connect = useContext(ConnectContext);
  const recording = useApp((state) => state.futures.all.find((future) => future.id === state.besideId)?.recording);
  const [other, setOther] = useState<SessionStore | null>(null);
  useEffect(() => {
    if (connect === null || recording === undefined) return undefined;
    const connection = connect();
    const { playheadUs, speed, view } = session.getState();
    const store = createSessionStore(connection, { recording, playheadUs: Math.floor(playheadUs), playing: false });
    store.act.setSpeed(speed);
    store.act.look({ chatter: view.chatter });
    const { act } = session;
    const led = Object.assign(store, { act: { ...store.act, play: act.play, pause: act.pause, notify: act.notify, dispatch: () => act.notify('Switch to this future to act in it.') } });
    session.act.lead(led);
    // oxlint-disable-next-line react/set-state-in-effect -- the other world is a Worker: it is made and ended with what shows it
    setOther(led);
    const stop = session.subscribe((state, before) => {
      if (state.speed !== before.speed) led.act.setSpeed(state.speed);
      if (state.view.chatter !== before.view.chatter) led.act.look({ chatter: state.view.chatter });
    });
    return () => {
      stop();
      session.act.lead(null);
      setOther(null);
      connection.close();
    };
  }, [session, connect, recording]);
  return other;
}
