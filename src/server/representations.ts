/** In which form an answer goes out. Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation. */
import type { KubeObject } from '../kubernetes/api/index.ts';
import type { ObjectList } from '../kubernetes/protocols/api.ts';
import type { ApiResponse } from '../kubernetes/protocols/api.ts';
import { customTable, tableOf, type IncludeObject, type Table } from '../kubernetes/printers/table.ts';

export interface Wanted { readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList' | 'refused'; readonly contentType: string; readonly include: IncludeObject }

const plain: Wanted = { as: 'object', contentType: 'application/json', include: 'Metadata' };

/** The first of the accepted forms that this server speaks. */
export function wanted(accept: string, query: URLSearchParams): Wanted {
  const include = query.get('includeObject');
  const how = { include: include === 'None' || include === 'Object' ? include : 'Metadata' } as const;
  const ranges = accept === '' ? ['*/*'] : accept.split(',').map((range) => range.trim());
  for (const range of ranges) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return { ...plain, ...how };
    if (as === 'Table' && parameters.includes('v=v1')) return { as, contentType: 'application/json', ...how };
    if ((as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') && parameters.includes('g=meta.k8s.io') && parameters.includes('v=v1')) return { as, contentType: 'application/json', ...how };
    if (as === 'APIGroupDiscoveryList' && parameters.includes('v=v2')) return { as, contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', ...how };
  }
  return { as: 'refused', contentType: 'application/json', include: 'Metadata' };
}

const isList = (body: object): body is ObjectList => Array.isArray((body as Partial<ObjectList>).items);

const isPartial = ({ as }: Wanted): boolean => as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
/** What clients that only look at metadata get. Models endpoints/handlers/response.go: asPartialObjectMetadata. */
const partial = ({ metadata }: KubeObject): object => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });

type TableMaker = (objects: readonly KubeObject[], nowUs: number, metadata: Table['metadata'], include?: IncludeObject, withColumns?: boolean) => Table;
/** Custom resources bring their columns. */
const table = (resource: string, columns: ApiResponse['columns']): TableMaker => (columns === undefined ? tableOf.bind(undefined, resource) : customTable.bind(undefined, columns));

/** An answer as it was asked for; a Status is a Status in every form. */
export function represent(body: unknown, resource: string, form: Wanted, nowUs: number, columns?: ApiResponse['columns']): unknown {
  const { as, include } = form;
  if (isPartial(form) && typeof body === 'object' && body !== null && (body as KubeObject).kind as string !== 'Status') {
    return isList(body) ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: body.metadata, items: body.items.map(partial) } : partial(body as KubeObject);
  }
  if (as !== 'Table' || typeof body !== 'object' || body === null || (body as KubeObject).kind as string === 'Status') return body;
  if (isList(body)) return table(resource, columns)(body.items, nowUs, body.metadata, include);
  const object = body as KubeObject;
  const scale = object.kind as string === 'Scale' && object.apiVersion === 'autoscaling/v1';
  return (scale ? table('scale', undefined) : table(resource, columns))([object], nowUs, { resourceVersion: object.metadata.resourceVersion }, include);
}

/** A frame of a watch. Only the first table of a watch names its columns. */
export function representFrame(object: unknown, resource: string, form: Wanted, nowUs: number, first: boolean, columns?: ApiResponse['columns']): unknown {
  const { as, include } = form;
  if (isPartial(form) && (object as KubeObject).kind as string !== 'Status') return partial(object as KubeObject);
  if (as !== 'Table' || (object as KubeObject).kind as string === 'Status') return object;
  const { metadata } = object as KubeObject;
  return table(resource, columns)(metadata.name === undefined ? [] : [object as KubeObject], nowUs, { resourceVersion: metadata.resourceVersion }, include, first);
}
