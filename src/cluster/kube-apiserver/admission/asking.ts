/** A request as policies and webhooks see it. Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers: what each handler gives admission. */
import type { KubeObject, ResourceInfo } from '../../../kubernetes/api/index.ts';
import type { Asked } from '../../../kubernetes/admission/policies/asked.ts';
import { subresources } from '../subresources/registry.ts';
import { isDryRun } from '../dry-run.ts';
import type { Served } from '../served.ts';
import type { Inflight } from '../state.ts';
import type { AdmissionContext } from './plugin.ts';

const group = 'admissionregistration.k8s.io';
const kinds = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'validatingwebhookconfigurations', 'mutatingwebhookconfigurations'];
const exempt = new Set(kinds.map((kind) => `${kind}.${group}`));

/** Nobody locks themselves out. Models apiserver/pkg/admission/plugin/webhook/predicates/rules: IsExemptAdmissionConfigurationResource. */
export const isExempt = ({ served }: Inflight): boolean => exempt.has(served.key);

type BodyKind = Asked['kind'];
/** Parts of an object whose body is made new with each request. */
const created: { readonly [subresource: string]: BodyKind | undefined } = { binding: { group: '', version: 'v1', kind: 'Binding' }, eviction: { group: 'policy', version: 'v1', kind: 'Eviction' } };
const connects: { readonly [subresource: string]: BodyKind | undefined } = {
  exec: { group: '', version: 'v1', kind: 'PodExecOptions' }, attach: { group: '', version: 'v1', kind: 'PodAttachOptions' }, portforward: { group: '', version: 'v1', kind: 'PodPortForwardOptions' },
};

const kindOf = ({ group: of, version, kind }: ResourceInfo): BodyKind => ({ group: of, version, kind });
const apiVersionOf = ({ group: of, version }: BodyKind): string => (of === '' ? version : `${of}/${version}`);
const withKind = (kind: BodyKind, body: unknown): KubeObject => ({ ...body as KubeObject, apiVersion: apiVersionOf(kind), kind: kind.kind });

/** Before it is prepared for storage a new object has no uid and no moment, and where its name is generated none. */
function unprepared({ metadata, ...object }: KubeObject, { request }: Inflight): KubeObject {
  const { uid: _uid, creationTimestamp: _made, name, ...rest } = metadata;
  const given = (request.body as KubeObject | undefined)?.metadata?.name ?? '';
  return { ...object, metadata: given === '' ? rest : { name, ...rest } } as KubeObject;
}

/** The request in its own version, and in the others of its kind for those who mean these as well. `fresh`: of a new object that its storage has not prepared yet. */
export class AskedVersions {
  private readonly made = new Map<Served, Asked>();
  private readonly object: KubeObject;
  private readonly context: AdmissionContext;
  private readonly fresh: boolean;
  constructor(object: KubeObject, context: AdmissionContext, fresh: boolean) { [this.object, this.context, this.fresh] = [object, context, fresh]; }

  of(served: Served): Asked {
    let asked = this.made.get(served);
    if (asked === undefined) this.made.set(served, asked = askedBy(this.object, this.context, this.fresh, served));
    return asked;
  }
  get own(): Asked { return this.of(this.context.inflight.served); }

  /** The version in which a webhook or policy is about the request. Models webhook/generic/webhook.go: ShouldCallHook. */
  find(matchPolicy: string | undefined, isAbout: (asked: Asked) => boolean): Served | undefined {
    if (isAbout(this.own)) return this.context.inflight.served;
    return matchPolicy === 'Exact' ? undefined : this.context.others().find((served) => isAbout(this.of(served)));
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `object` is null of a deletion. */
function askedBy(object: KubeObject | null, context: AdmissionContext, fresh: boolean, served: Served): Asked {
  const { inflight, old, find } = context;
  const { request, user, served: { info: sent, custom } } = inflight;
  const { info, view } = served;
  const { subresource } = request;
  const made = created[subresource ?? ''];
  const operation = made === undefined ? context.operation : 'CREATE';
  const scaled = subresource === 'scale';
  const kind = connects[subresource ?? ''] ?? made ?? (scaled ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : kindOf(info));
  const shown = (one: KubeObject | null | undefined): KubeObject | null => {
    if (one === undefined || one === null) return null;
    if (scaled) return subresources['scale']!.answer!(one, inflight) as KubeObject;
    const plain = fresh ? unprepared(one, inflight) : one;
    if (served !== inflight.served && custom !== undefined) return context.convert(plain, served);
    return view === undefined ? plain : view.fromStored(plain);
  };
  const namespace = info.namespaced ? request.namespace ?? '' : '';
  // Only who means another version has the object converted to it.
  const asked = lazily(() => (operation === 'DELETE' ? null : operation === 'CONNECT' ? withKind(kind, object) : made === undefined ? shown(object) : withKind(kind, request.body)));
  const before = lazily(() => (made === undefined ? shown(old) : null));
  return {
    ...(served === inflight.served ? {} : { sentAs: { group: sent.group, version: sent.version, resource: sent.resource, kind: kindOf(sent) } }),
    operation, group: info.group, version: info.version, resource: info.resource, subresource, kind, namespaced: info.namespaced, namespace,
    name: request.name ?? (fresh ? (request.body as KubeObject | undefined)?.metadata?.name : object?.metadata?.name) ?? '', dryRun: isDryRun(inflight), user,
    options: optionsOf(inflight, operation), namespaceObject: namespace === '' ? null : find('namespaces', '', namespace) ?? null,
    get object() { return asked(); },
    get old() { return before(); },
  };
}

function optionsOf({ request }: Inflight, operation: Asked['operation']): object {
  const query = request.query ?? {};
  const kind = operation === 'DELETE' ? 'DeleteOptions' : operation === 'CREATE' ? 'CreateOptions' : request.verb === 'patch' ? 'PatchOptions' : 'UpdateOptions';
  if (operation === 'CONNECT') return {};
  return {
    apiVersion: 'meta.k8s.io/v1', kind, ...(operation === 'DELETE' ? request.body as object | undefined : {}), ...(query.fieldManager === undefined ? {} : { fieldManager: query.fieldManager }),
    ...(query.dryRun === undefined ? {} : { dryRun: [query.dryRun] }),
  };
}
