import { resourceOf, resourceOfKind, type DeleteOptions, type KubeObject, type ModelledResource, type PartialObjectMeta, type ResourceInfo, type Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, PatchType } from '../../kubernetes/protocols/api.ts';
import type { Answer, ControllerRequest } from './controller.ts';

/** A resource of the controllers' own code by its name, any other by how it is served. */
export type Resource = ModelledResource | Pick<ResourceInfo, 'group' | 'version' | 'resource' | 'namespaced'>;

const place = (named: Resource, namespace: string | undefined) => {
  const { group, version, resource, namespaced } = typeof named === 'string' ? resourceOf(named) : named;
  return namespaced ? { group, version, resource, namespace: namespace ?? '' } : { group, version, resource };
};

function resourceFor(object: KubeObject): ResourceInfo {
  const info = resourceOfKind(object.kind, object.apiVersion);
  if (info === undefined) throw new Error(`no served kind is called ${object.kind}`);
  return info;
}

/** POST an object that may still lack a name. */
export const create = (resource: Resource, namespace: string | undefined, body: Omit<KubeObject, 'metadata'> & { readonly metadata: PartialObjectMeta }): ControllerRequest =>
  ({ verb: 'create', ...place(resource, namespace), body });

/** PUT an object, or its status, over the version it was made from. */
export const update = (object: KubeObject, subresource?: ApiRequest['subresource']): ControllerRequest =>
  ({ verb: 'update', ...place(resourceFor(object), object.metadata.namespace), name: object.metadata.name, body: object, ...(subresource === undefined ? {} : { subresource }) });

export const patch = (object: KubeObject, body: unknown, patchType: PatchType, subresource?: ApiRequest['subresource']): ControllerRequest =>
  ({ verb: 'patch', ...place(resourceFor(object), object.metadata.namespace), name: object.metadata.name, body, patchType, ...(subresource === undefined ? {} : { subresource }) });

/** PATCH of what may be of a kind that the controllers' own code does not know. */
export const patchAt = (resource: Resource, namespace: string | undefined, name: string, body: unknown, patchType: PatchType): ControllerRequest =>
  ({ verb: 'patch', ...place(resource, namespace), name, body, patchType });

export const read = (resource: Resource, namespace: string | undefined, name: string): ControllerRequest =>
  ({ verb: 'get', ...place(resource, namespace), name });

export const remove = (resource: Resource, namespace: string | undefined, name: string, options?: DeleteOptions): ControllerRequest =>
  ({ verb: 'delete', ...place(resource, namespace), name, ...(options === undefined ? {} : { body: options }) });

/** DELETE every object of a resource in a namespace. */
export const removeAll = (resource: Resource, namespace: string, options?: DeleteOptions): ControllerRequest =>
  ({ verb: 'deletecollection', ...place(resource, namespace), ...(options === undefined ? {} : { body: options }) });

/** Why a call failed, in the server's words. */
export const messageOf = (answer: Answer): string => (answer.code === 0 ? 'the server could not be reached' : (answer.body as Status).message ?? `status ${answer.code}`);

export const isAlreadyThere = ({ code, body }: Answer): boolean => code === 409 && (body as Status | undefined)?.reason === 'AlreadyExists';

/** Nothing is made in a namespace that goes. Models apierrors.HasStatusCause with NamespaceTerminatingCause. */
export const isNamespaceGoing = ({ body }: Answer): boolean => (body as Status | undefined)?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;

/** The first that failed in a way that matters: codes that do not are named. */
export const failureOf = (answers: readonly Answer[], except: readonly number[] = []): Answer | undefined => answers.find(({ ok, code }) => !ok && !except.includes(code));
