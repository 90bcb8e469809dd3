import { futureName } from '../../store/futures.ts';
import { placeOf } from '../../store/ruler.ts';
import type { Ruler } from '../../store/ruler.ts';
import { clockText } from '../../store/words.ts';
import { useActions, useApp } from '../shell/app-store.ts';
import { laneBranches } from './branch-lanes.ts';
import css from './time-bar.module.css';

const lanePx = 6;

/** The other futures as thin lines that leave the rail where they part. */
export function Branches({ ruler, width }: { readonly ruler: Ruler; readonly width: number }) {
  const futures = useApp((state) => state.futures);
  const besideId = useApp((state) => state.besideId);
  const { switchTo } = useActions();
  if (futures.all.length < 2 || width === 0) return null;
  return (
    <svg className={css.branches} width={width} height={24} aria-hidden="true">
      {laneBranches(futures).map(({ future, partsUs, lane }) => {
        const [x, end] = [placeOf(ruler, partsUs) * width, Math.max(placeOf(ruler, Math.max(future.seenUs, partsUs)) * width, placeOf(ruler, partsUs) * width + 28)];
        const y = 5 + lane * lanePx;
        const path = `M${x} 0C${x} ${y} ${x + 4} ${y} ${x + 10} ${y}H${Math.min(end, width - 4)}`;
        return (
          <g key={future.id} className={future.id === besideId ? css.besideBranch : css.branch} onPointerDown={(event) => event.stopPropagation()} onClick={() => switchTo(future.id)}>
            <title>{`${futureName(future)}: another future from ${clockText(partsUs)}`}</title>
            <path d={path} className={css.branchReach} />
            <path d={path} />
            <circle cx={Math.min(end, width - 4)} cy={y} r={2.5} />
          </g>
        );
      })}
    </svg>
  );
}
