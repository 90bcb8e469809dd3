import { useEffect, useId, useRef, useState } from 'react';
import type { CSSProperties, ReactNode, ToggleEvent } from 'react';
import { keyText } from '../actions/key-text.ts';
import { pageActions } from '../actions/index.ts';
import type { Menu, PageAction } from '../actions/page-action.ts';
import { Button } from '../design/parts.tsx';
import { useApp, useSession } from './app-store.ts';
import { onMenuKey } from './menu-keys.ts';
import css from './menus.module.css';

const names: readonly { readonly menu: Menu; readonly name: string }[] = [{ menu: 'session', name: 'Session' }, { menu: 'view', name: 'View' }, { menu: 'share', name: 'Share' }];

/** The header's menus: each page action stands in the one it names. */
export const Menus = () => names.map(({ menu, name }) => <MenuButton key={menu} name={name} actions={pageActions.filter((action) => action.menu === menu)} />);

interface MenuButtonProps { readonly name: string; readonly actions: readonly PageAction[]; /** Opens over its button, which stands at the foot of the page. */ readonly up?: true; readonly className?: string; readonly children?: ReactNode }

/** A button with the actions of one menu; named by what is in it, where that is not its name. */
export function MenuButton({ name, actions, up, className, children }: MenuButtonProps) {
  const id = useId();
  const [place, setPlace] = useState<CSSProperties>();
  const list = useRef<HTMLDivElement>(null);
  const open = place !== undefined;
  // The keyboard goes into the menu with it; the browser takes it back to the button.
  useEffect(() => { if (open) list.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus(); }, [open]);
  if (actions.length === 0) return null;
  const onToggle = (event: ToggleEvent<HTMLDivElement>): void => {
    if (event.newState !== 'open') return setPlace(undefined);
    const box = document.querySelector(`[popovertarget="${id}"]`)!.getBoundingClientRect();
    setPlace(up === true ? { left: Math.max(8, Math.min(box.left, window.innerWidth - 340)), bottom: window.innerHeight - box.top + 4 } : { right: Math.max(8, window.innerWidth - box.right), top: box.bottom + 4 });
    return undefined;
  };
  return (
    <>
      <Button look="quiet" className={className} popoverTarget={id} aria-haspopup="menu" aria-label={name} title={name} aria-expanded={open} onKeyDown={(event) => { if (event.key === 'ArrowDown') { event.preventDefault(); list.current?.showPopover(); } }}>{children ?? name}</Button>
      <div ref={list} id={id} popover="auto" role="menu" tabIndex={-1} aria-label={name} className={css.menu} style={place} onToggle={onToggle} onKeyDown={onMenuKey}>
        {open && actions.map((action) => <Item key={action.id} action={action} menu={id} />)}
      </div>
    </>
  );
}

function Item({ action, menu }: { readonly action: PageAction; readonly menu: string }) {
  const session = useSession();
  const enabled = useApp((state) => action.enabled?.(state) !== false);
  const checked = useApp((state) => action.checked?.(state));
  return (
    <button
      type="button" className={css.item} tabIndex={-1} aria-disabled={!enabled} data-title={action.title} {...(checked === undefined ? { role: 'menuitem' } : { role: 'menuitemcheckbox', 'aria-checked': checked })}
      onClick={() => { if (!enabled) return; document.getElementById(menu)?.hidePopover(); action.run(session); }}
    >
      <span className={css.tick} aria-hidden="true">{checked === true ? '✓' : ''}</span>
      <span>{action.title}</span>
      {action.keys?.[0] !== undefined && <kbd>{keyText(action.keys[0])}</kbd>}
    </button>
  );
}
