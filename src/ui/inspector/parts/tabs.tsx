import { useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import css from './tabs.module.css';

export interface Tab { readonly id: string; readonly label: string }

/** Pages of one thing beside each other; arrow keys go from one to the next. */
export function Tabs({ tabs, chosen, choose, label, children }: { readonly tabs: readonly Tab[]; readonly chosen: string; readonly choose: (id: string) => void; readonly label: string; readonly children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (tabs.findIndex(({ id }) => id === chosen) + step + tabs.length) % tabs.length;
    choose(tabs[at]!.id);
    (list.current?.children[at] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} className={css.tabs}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" id={`inspect-tab-${tab.id}`} aria-controls="inspect-page" aria-selected={tab.id === chosen} tabIndex={tab.id === chosen ? 0 : -1} onClick={() => choose(tab.id)} onKeyDown={onKeyDown}>{tab.label}</button>
        ))}
      </div>
      <div role="tabpanel" id="inspect-page" aria-labelledby={`inspect-tab-${chosen}`}>{children}</div>
    </>
  );
}
