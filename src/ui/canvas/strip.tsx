import { memo } from 'react';
import { objectKey, viewOf } from '../../store/rows-view.ts';
import { isOnStage, storedObjects } from '../../store/stored-objects.ts';
import { classes } from '../design/parts.tsx';
import { useApp } from '../shell/app-store.ts';
import css from './stage.module.css';
import { TaskItem } from './task-item.tsx';
import { Thing } from './thing.tsx';

/** What has been asked for: workloads with their figures, and Services as outlines, because no process stands behind them. */
export const Strip = memo(function Strip() {
  const keys = useApp((state) => {
    const view = viewOf(state.rows);
    return [
      ...view.workloads.filter((row) => row.kind !== 'ReplicaSet' || row.desired > 0 || row.current > 0).map((row) => objectKey(row.kind, row.namespace, row.name)),
      ...view.tasks.map((row) => objectKey(row.kind, row.namespace, row.name)),
      ...view.services.map((row) => objectKey('Service', row.namespace, row.name)),
    ].join(' ');
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls where it is too narrow, so the keyboard must be able to reach it
    <section className={css.strip} tabIndex={0} aria-label="Asked for" data-scrolls>
      <span className={css.stripLabel}>Asked for</span>
      {keys === '' ? <span className={css.stripEmpty}>nothing yet: apply a manifest</span> : keys.split(' ').map((key) => <Item key={key} id={key} />)}
      <Others />
    </section>
  );
});

/** The door to what has no place on the stage: ConfigMaps, Secrets, Namespaces, EndpointSlices. */
function Others() {
  const count = useApp((state) => {
    const all = storedObjects(state.rows);
    return all.reduce((sum, { key }) => sum + (isOnStage(state.rows[key]!) ? 0 : 1), 0);
  });
  if (count === 0) return null;
  return <Thing id="stored" className={css.others} label={`${count} more objects are stored`} selection={{ type: 'stored' }} opens>+ {count} more</Thing>;
}

/** Which namespace, where it is not the one everybody means. */
const Space = ({ of }: { readonly of: string }) => (of === 'default' || of === '' ? null : <span className={css.space}>{of}/</span>);

const Item = memo(function Item({ id }: { readonly id: string }) {
  const row = useApp((state) => state.rows[id]);
  if (row?.type === 'workload') {
    const met = row.ready === row.desired && row.current === row.desired;
    return (
      <Thing id={id} className={classes(css.item, row.deleting && css.leaving)} label={`${row.kind} ${row.name}: ${row.ready} ready of ${row.desired}, ${row.current} made`} selection={{ type: 'object', key: id, apiVersion: row.apiVersion, kind: row.kind, namespace: row.namespace, name: row.name }}>
        <span className={css.kind}>{row.kind}</span><b><Space of={row.namespace} />{row.name}</b>
        <span className={css.cells} aria-hidden="true">{Array.from({ length: Math.min(8, Math.max(row.desired, row.current)) }, (_, index) => <i key={index} className={classes(index < row.ready ? css.full : index < row.current ? css.short : undefined)} />)}</span>
        <span className={classes(css.figure, met ? css.good : css.waiting)}>{row.ready}/{row.desired}</span>
      </Thing>
    );
  }
  if (row?.type === 'job' || row?.type === 'cron-job') return <TaskItem id={id} row={row} />;
  if (row?.type !== 'service') return null;
  const count = row.readyPods.length;
  return (
    <Thing id={id} className={classes(css.item, css.service)} label={`Service ${row.name}, ${row.clusterIP}, ${count} ready Pods behind it`} selection={{ type: 'object', key: id, apiVersion: 'v1', kind: 'Service', namespace: row.namespace, name: row.name }}>
      <span className={css.kind}>Service</span><b><Space of={row.namespace} />{row.name}</b><span className={css.figure}>{row.clusterIP}</span>
      {Object.keys(row.selector).length > 0 && <span className={css.kind}>→ {count} {count === 1 ? 'Pod' : 'Pods'}</span>}
    </Thing>
  );
});
