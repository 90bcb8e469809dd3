import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { Selection } from '../../store/state.ts';
import css from './inspector.module.css';

const EtcdPage = lazy(() => import('./etcd/etcd-page.tsx').then(({ EtcdPage: page }) => ({ default: page })));
const HistoryPage = lazy(() => import('./history/history-page.tsx').then(({ HistoryPage: page }) => ({ default: page })));
const MachinePage = lazy(() => import('./node/machine-page.tsx').then(({ MachinePage: page }) => ({ default: page })));
const SchedulingPage = lazy(() => import('./scheduling/scheduling-page.tsx').then(({ SchedulingPage: page }) => ({ default: page })));
const ServicePage = lazy(() => import('./service/service-page.tsx').then(({ ServicePage: page }) => ({ default: page })));

/** A page beside the first one. */
export interface Page { readonly id: string; readonly label: string; /** Its tables want room. */ readonly wide: boolean; readonly content: ReactNode }

/** What else there is to know of a thing, besides its first page. */
export function pagesOf(selection: Exclude<Selection, { readonly type: 'stored' }>): readonly Page[] {
  const page = (id: string, label: string, wide: boolean, content: ReactNode): Page => ({ id, label, wide, content: <Suspense fallback={<p className={css.dim}>Looking…</p>}>{content}</Suspense> });
  if (selection.type === 'record') return [];
  if (selection.type === 'component') return selection.address.endsWith('/etcd') ? [page('keys', 'Keys and watchers', true, <EtcdPage address={selection.address} />)] : [];
  const { apiVersion, kind, namespace, name } = selection;
  return [
    ...(kind === 'Pod' ? [page('scheduling', 'Scheduling', true, <SchedulingPage key={name} namespace={namespace} name={name} />)] : []),
    ...(kind === 'Node' ? [page('machine', 'Machine', true, <MachinePage name={name} />)] : []),
    ...(kind === 'Service' ? [page('endpoints', 'Who answers', true, <ServicePage namespace={namespace} name={name} />)] : []),
    page('history', 'History', true, <HistoryPage key={`${kind}/${namespace}/${name}`} apiVersion={apiVersion} kind={kind} namespace={namespace} name={name} />),
  ];
}
