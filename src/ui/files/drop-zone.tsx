import { useEffect, useState } from 'react';
import { useSession } from '../shell/app-store.ts';
import css from './drop-zone.module.css';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** The whole page takes files; while one is held over it, it says what for. */
export function DropZone() {
  const session = useSession();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      // Without this the browser would leave the page for the file.
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => { if (event.relatedTarget === null) setOver(false); };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      void import('./take-file.ts').then(({ takeFiles }) => takeFiles(session, files));
    };
    const listeners = [['dragenter', onOver], ['dragover', onOver], ['dragleave', onLeave], ['drop', onDrop]] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => { for (const [name, listener] of listeners) window.removeEventListener(name, listener); };
  }, [session]);
  return over && <output className={css.zone}><span><b>Drop it here</b>A recording (.orrery.json) is opened; manifests (.yaml) go into the editor.</span></output>;
}
