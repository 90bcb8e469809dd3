import { cameraWork } from './camera.ts';
import { finding } from './finding.ts';
import { looks } from './looks.ts';
import { moments } from './moments.ts';
import type { PageAction } from './page-action.ts';
import { playback } from './playback.ts';
import { recordings } from './recordings.ts';
import { sessions } from './sessions.ts';
import { shareScript } from './share-script.ts';
import { share } from './share.ts';
import { themes } from './themes.ts';
import { ways } from './ways.ts';

/** All that a user can do to the page, in the order of the menus and of the palette. */
export const pageActions: readonly PageAction[] = [...sessions, ...recordings, ...ways, ...playback, ...moments, ...looks, ...cameraWork, ...finding, ...themes, ...shareScript, ...share];
