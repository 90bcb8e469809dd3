import { Fragment } from 'react';
import { pageActions } from '../actions/index.ts';
import { keyText } from '../actions/key-text.ts';
import { Button } from '../design/parts.tsx';
import { useSession } from '../shell/app-store.ts';
import css from './finding.module.css';
import { useDialog } from './use-dialog.ts';

type Line = readonly [title: string, ...keys: readonly string[]];

/** Keys that belong to one part of the page and not to the whole of it. */
const parts: readonly { readonly where: string; readonly lines: readonly Line[] }[] = [
  { where: 'On the stage', lines: [['From thing to thing', '←', '→', '↑', '↓'], ['What can be done to it', 'Enter'], ['Delete, power off or stop it', 'Delete'], ['Choose nothing', 'Esc']] },
  { where: 'In the manifest', lines: [['Apply it', 'Ctrl+Enter'], ['More or less indented', 'Tab', 'Shift+Tab'], ['Let Tab leave the text again', 'Esc']] },
  { where: 'In menus and lists', lines: [['Up and down', '↑', '↓'], ['First and last', 'Home', 'End'], ['To what begins with', 'a letter'], ['Close', 'Esc']] },
];

const ofPage: readonly Line[] = pageActions.filter((action) => (action.keys?.length ?? 0) > 0).map((action) => [action.title, ...action.keys!.map(keyText)]);

/** All keys there are: those of the whole page are read from the list of what can be done to it. */
export default function KeySheet() {
  const session = useSession();
  const { dialog, close } = useDialog(() => session.act.look({ help: false }));
  return (
    <dialog {...dialog} className={css.help} aria-label="Keys">
      <header className={css.helpHead}><h2>Keys</h2><Button look="quiet" onClick={close}>Close</Button></header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- it scrolls where it is too low, so the keyboard must be able to reach it */}
      <div className={css.keys} tabIndex={0} role="group" aria-label="All keys">
        <Keys where="Everywhere, except where you write" lines={ofPage} />
        <div>{parts.map((part) => <Keys key={part.where} {...part} />)}</div>
      </div>
    </dialog>
  );
}

const Keys = ({ where, lines }: { readonly where: string; readonly lines: readonly Line[] }) => (
  <section>
    <h3>{where}</h3>
    <dl>
      {lines.map(([title, ...keys]) => (
        <Fragment key={title}><dt>{title}</dt><dd>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dd></Fragment>
      ))}
    </dl>
  </section>
);
