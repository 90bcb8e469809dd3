import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';
import type { QueryAnswer } from '../../../session/port/protocol.ts';
import { Button } from '../../design/parts.tsx';
import { useActions, useApp } from '../../shell/app-store.ts';
import css from '../inspector.module.css';
import { YamlText } from '../yaml/yaml-text.tsx';
import { Conditions } from './conditions.tsx';
import { FamilyTree } from './family-tree.tsx';

type Answer = Extract<QueryAnswer, { type: 'object' }>;
interface ApiEvent { readonly type?: string; readonly reason?: string; readonly message?: string; readonly note?: string; readonly count?: number; readonly lastTimestamp?: string; readonly metadata?: { readonly name?: string } }
interface Source { readonly kind?: string; readonly metadata?: Record<string, unknown> & { readonly namespace?: string; readonly name?: string; readonly managedFields?: readonly ManagedFieldsEntry[] } }

/** An object as it is stored, and what has been said about it. */
export function ObjectPage({ answer }: { readonly answer: Answer }) {
  const events = answer.events as readonly ApiEvent[];
  const edit = useEdit(answer.object);
  const { kind = '', metadata = {} } = answer.object as Source;
  return (
    <>
      {answer.notActedOn.length > 0 && <p className={css.notActed}><b>Stored and shown, but not yet acted on here:</b> {answer.notActedOn.join(', ')}</p>}
      <LastWriter object={answer.object} />
      <Conditions object={answer.object} />
      <FamilyTree kind={kind} namespace={metadata.namespace ?? ''} name={metadata.name ?? ''} />
      {events.length > 0 && <h3>Events</h3>}
      <ul className={css.events}>
        {events.map((event, index) => <li key={event.metadata?.name ?? index} className={event.type === 'Warning' ? css.warning : undefined}><b>{event.reason}</b>{(event.count ?? 1) > 1 && ` ×${event.count}`} <span>{event.message ?? event.note}</span></li>)}
      </ul>
      <h3>As the API server has it {edit !== undefined && <Button look="link" onClick={edit}>Edit this</Button>}</h3>
      <YamlText value={answer.object} label={`${kind} ${metadata.name ?? ''} as YAML`} marked={answer.notActedOn} note="stored, not yet acted on" {...(metadata.managedFields !== undefined && { owners: metadata.managedFields })} />
    </>
  );
}

/** To the chain of causes behind the object's last write. */
function LastWriter({ object }: { readonly object: unknown }) {
  const { query, select, notify } = useActions();
  const { apiVersion = '', kind = '', metadata } = object as { readonly apiVersion?: string; readonly kind?: string; readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  const show = async (): Promise<void> => {
    const answer = await query({ type: 'causality', object: { apiVersion, kind, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' } });
    if (answer.type === 'causality') select({ type: 'record', recordId: answer.recordId, chainOf: answer.recordId }, true);
    else if (answer.type === 'nothing') notify(answer.text);
  };
  return <p className={css.offers}><Button onClick={() => void show()}>What led to its last change</Button></p>;
}

/** Puts the object into the editor without what the server added. */
function useEdit(object: unknown): (() => void) | undefined {
  const { setManifest, setInspecting } = useActions();
  const ready = useApp((state) => state.phase === 'ready');
  const source = object as Source | null;
  if (!ready || source?.metadata === undefined) return undefined;
  const { name, namespace, labels, annotations } = source.metadata;
  const clean = Object.fromEntries(Object.entries(source).filter(([key]) => key !== 'status').map(([key, value]) => [key, key === 'metadata' ? Object.fromEntries(Object.entries({ name, namespace, labels, annotations }).filter(([, each]) => each !== undefined)) : value]));
  return () => void import('yaml').then(({ stringify }) => { setManifest(stringify(clean, { lineWidth: 0, aliasDuplicateObjects: false }), `${String(name)}.yaml`); setInspecting(false); });
}
