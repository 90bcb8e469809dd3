import { useCallback, useEffect, useRef } from 'react';
import type { DialogHTMLAttributes, KeyboardEvent, RefAttributes } from 'react';

/** What is typed in a dialog is not meant for the page under it. */
const keepKeys = (event: KeyboardEvent): void => event.stopPropagation();

/**
 * A modal dialog that is open as long as it is drawn. The browser keeps the keyboard inside, closes it with Escape and, because it is closed
 * before it goes, gives the keyboard back to where it was.
 */
export function useDialog(onClose: () => void): { readonly dialog: RefAttributes<HTMLDialogElement> & DialogHTMLAttributes<HTMLDialogElement>; readonly close: () => void } {
  const ref = useRef<HTMLDialogElement>(null);
  const told = useRef(onClose);
  useEffect(() => { told.current = onClose; });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    if (!element.open) element.showModal();
    const onClosed = (): void => told.current();
    // Outside of the sheet is the dialog itself: its backdrop.
    const onClick = (event: MouseEvent): void => {
      if (event.target !== element) return;
      const box = element.getBoundingClientRect();
      if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) element.close();
    };
    element.addEventListener('close', onClosed);
    element.addEventListener('click', onClick);
    return () => {
      element.removeEventListener('close', onClosed);
      element.removeEventListener('click', onClick);
    };
  }, []);
  const close = useCallback(() => ref.current?.close(), []);
  return { dialog: { ref, onKeyDown: keepKeys }, close };
}
