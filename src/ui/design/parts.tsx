import type { ButtonHTMLAttributes, ReactNode } from 'react';
import css from './parts.module.css';

export const classes = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ');

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> { readonly look?: 'plain' | 'loud' | 'quiet' | 'link'; readonly danger?: boolean }

/** The page's one button. */
export function Button({ look = 'plain', danger = false, className, ...rest }: ButtonProps) {
  return <button type="button" {...rest} className={classes(look === 'link' ? css.link : css.button, look === 'loud' && css.loud, look === 'quiet' && css.quiet, danger && css.danger, className)} />;
}

/** Text for those who do not see the picture. */
export const Hidden = ({ children }: { readonly children: ReactNode }) => <span className={css.hidden}>{children}</span>;

const heptagon = Array.from({ length: 7 }, (_, index) => {
  const angle = (index / 7) * 2 * Math.PI - Math.PI / 2;
  return `${(16 + 15 * Math.cos(angle)).toFixed(2)},${(16.4 + 15 * Math.sin(angle)).toFixed(2)}`;
}).join(' ');

/** A component's sign: the heptagon of Kubernetes with its letter. */
export function Glyph({ sign, size = 32, dim = false }: { readonly sign: string; readonly size?: number; readonly dim?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none', opacity: dim ? 0.4 : 1 }}>
      <polygon points={heptagon} fill="var(--accent)" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" />
      <text x="16" y="21.5" textAnchor="middle" fontSize={sign.length === 1 ? 15 : sign.length === 2 ? 13 : 10.5} fontWeight="700" fill="var(--on-accent)" fontFamily="var(--sans)">{sign}</text>
    </svg>
  );
}

const paths = {
  play: 'M8 5l11 7-11 7z', pause: 'M7 5h4v14H7zM13 5h4v14h-4z', back: 'M17 5L7 12l10 7z', forward: 'M7 5l10 7-10 7z',
  start: 'M6 5h2.5v14H6zM19 5L9 12l10 7z', change: 'M5 5l10 7-10 7zM15.5 5H18v14h-2.5z', changeBack: 'M19 5L9 12l10 7zM6 5h2.5v14H6z',
  more: 'M3 10h4v4H3zM10 10h4v4h-4zM17 10h4v4h-4z', fork: 'M3 11h6l6-7h3V1.5L22.5 5 18 8.5V6h-2l-5 6 5 6h2v-2.5l4.5 3.5-4.5 3.5V20h-3l-6-7H3z',
} as const;

/** The signs on the buttons of the time bar. */
export function Sign({ name, size = 22 }: { readonly name: keyof typeof paths; readonly size?: number }) {
  return <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true"><path d={paths[name]} fill="currentColor" /></svg>;
}

/** Orrery's own sign. */
export const Logo = () => (
  <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
    <g fill="none" stroke="var(--line-strong)" strokeWidth="1.5"><circle cx="16" cy="16" r="6.5" /><circle cx="16" cy="16" r="12" /></g>
    <circle cx="16" cy="16" r="3.2" fill="var(--accent)" /><circle cx="20.6" cy="11.4" r="2.2" fill="var(--watch)" /><circle cx="5.6" cy="22" r="2.6" fill="var(--good)" />
  </svg>
);
