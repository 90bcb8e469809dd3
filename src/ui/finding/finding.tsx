import { useApp } from '../shell/app-store.ts';
import { FindBar } from './find-bar.tsx';
import { useFilter } from './use-filter.ts';

/** Looking for things on the stage itself; loaded when first asked for. */
export default function Finding() {
  useFilter();
  const finding = useApp((state) => state.view.finding);
  return finding ? <FindBar /> : null;
}
