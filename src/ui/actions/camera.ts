import { thingOf } from '../../store/selected-key.ts';
import type { AppState } from '../../store/state.ts';
import type { PageAction } from './page-action.ts';

const selectedPod = ({ selection }: AppState): string | undefined => (selection?.type === 'object' && selection.kind === 'Pod' ? selection.key : undefined);

const wholeStage = { camera: null, focus: null, following: null };

/** Where one looks from. */
export const cameraWork: readonly PageAction[] = [
  { id: 'whole-stage', title: 'Show the whole stage', menu: 'view', keys: ['0'], enabled: ({ view }) => view.camera !== null || view.focus !== null || view.following !== null, run: ({ act }) => act.look(wholeStage) },
  {
    id: 'zoom-to-selected', title: 'Zoom to what is selected', menu: 'view', keys: ['z'], enabled: ({ selection }) => !['', 'stored'].includes(thingOf(selection)),
    run: ({ act, getState }) => act.look({ focus: thingOf(getState().selection) }),
  },
  {
    id: 'follow-pod', title: 'Follow the selected Pod', menu: 'view', keys: ['c'], enabled: (state) => selectedPod(state) !== undefined || state.view.following !== null, checked: ({ view }) => view.following !== null,
    run: ({ act, getState }) => {
      const pod = selectedPod(getState());
      act.look({ ...wholeStage, following: pod === getState().view.following ? null : pod ?? null });
    },
  },
];
