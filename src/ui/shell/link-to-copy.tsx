import { Button } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import css from './link-to-copy.module.css';

/** A link in a field, ready to be copied by hand. */
export function LinkToCopy() {
  const link = useApp((state) => state.view.link);
  const { look } = useActions();
  if (link === null) return null;
  const close = (): void => look({ link: null });
  return (
    <section className={css.box} aria-label="Link to this moment">
      <label>
        <span>The browser does not let this page write to the clipboard. Copy the link from here:</span>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is there to be copied from, and was asked for */}
        <input readOnly autoFocus value={link} onFocus={(event) => event.currentTarget.select()} onKeyDown={(event) => { if (event.key === 'Escape') close(); }} />
      </label>
      <Button onClick={close}>Close</Button>
    </section>
  );
}
