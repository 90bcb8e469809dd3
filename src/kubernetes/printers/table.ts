/** Objects as the server prints them. Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers/response.go: asTable, and staging/src/k8s.io/apimachinery/pkg/apis/meta/v1: Table. */
import { v2FromV1 } from '../api/autoscaling.ts';
import { coreEventOf } from '../api/event-versions.ts';
import type { KubeObject } from '../api/index.ts';
import type { PrinterColumn } from '../apiextensions/definition.ts';
import type { Cell } from './cells.ts';
import { columnsOf, plainColumns } from './columns.ts';
import { customColumns } from './custom-columns.ts';

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly { readonly cells: readonly (Cell | boolean | null)[]; readonly object?: unknown }[];
}
export interface ColumnDefinition { readonly name: string; readonly type: string; readonly format: string; readonly description: string; readonly priority: number }

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const definitions = new Map<string, readonly ColumnDefinition[]>();

function definitionsOf(resource: string): readonly ColumnDefinition[] {
  let found = definitions.get(resource);
  if (found === undefined) {
    found = (columnsOf[resource] ?? plainColumns).map(({ name, type, priority }) => ({ name, type, format: name === 'Name' ? 'name' : '', description: '', priority }));
    definitions.set(resource, found);
  }
  return found;
}

const partial = ({ metadata }: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });

/** Columns are read from the version in which an object is stored. */
const stored = (object: KubeObject): KubeObject => (object.apiVersion === 'events.k8s.io/v1' ? coreEventOf(object) : object.apiVersion === 'autoscaling/v1' && object.kind as string !== 'Scale' ? v2FromV1(object) : object);

type Schema = KubeObject & { readonly spec: { readonly matchingPrecedence?: number } };
/** Flow schemas stand in the order in which they are tried. Models printers.go: printFlowSchemaList. */
const inOrder = (resource: string, objects: readonly KubeObject[]): readonly KubeObject[] =>
  (resource !== 'flowschemas' ? objects : [...objects as readonly Schema[]].sort((a, b) => (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) || (a.metadata.name < b.metadata.name ? -1 : 1)));

/** A table of objects as of a moment. `withColumns` is false for all but the first frame of a watch. */
export function tableOf(resource: string, objects: readonly KubeObject[], nowUs: number, metadata: Table['metadata'], include: IncludeObject = 'Metadata', withColumns = true): Table {
  const columns = columnsOf[resource] ?? plainColumns;
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: withColumns ? definitionsOf(resource) : null,
    rows: inOrder(resource, objects).map((object) => [object, stored(object)] as const).map(([object, printed]) => ({
      cells: columns.map((column) => column.of(printed as never, nowUs)),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }),
    })),
  };
}

/** The same of custom resources, whose definition names the columns. */
export function customTable(asked: readonly PrinterColumn[], objects: readonly KubeObject[], nowUs: number, metadata: Table['metadata'], include: IncludeObject = 'Metadata', withColumns = true): Table {
  const columns = customColumns(asked);
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: withColumns ? columns.map(({ of: _of, ...definition }) => definition) : null,
    rows: objects.map((object) => ({ cells: columns.map((column) => column.of(object, nowUs)), ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }) })),
  };
}
