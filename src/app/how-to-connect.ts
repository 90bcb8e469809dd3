import type { SessionConnection } from '../store/connection.ts';
import { connectWorker } from './worker/connect.ts';

/** The world is in this tab, unless the server that sent the page says that it has one: `<meta name="orrery-session">`. */
export async function howToConnect(): Promise<() => SessionConnection> {
  const address = document.querySelector<HTMLMetaElement>('meta[name="orrery-session"]')?.content;
  if (address === undefined) return connectWorker;
  const { connectServed } = await import('./served/connect.ts');
  return () => connectServed(new URL(address, location.href));
}
