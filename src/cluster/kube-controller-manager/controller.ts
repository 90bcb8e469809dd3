import type { KubeObject, ModelledResource, ObjectByResource, ResourceInfo, Status } from '../../kubernetes/api/index.ts';
import type { ClientNews, Lister } from '../../kubernetes/client-go/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { Note, SimTime } from '../../simulation/process/process.ts';

/** What is needed to follow a kind, and to call for its objects. */
export type Followed = Pick<ResourceInfo, 'group' | 'version' | 'resource'>;

/** What the shared informers have heard, per resource; of what was followed later, by its name among the informers. */
export type Listers = <R extends ModelledResource>(resource: R) => Lister<ObjectByResource[R]>;

/** A call a controller wants to make; who calls is added by the one who sends it. */
export type ControllerRequest = Omit<ApiRequest, 'user' | 'userAgent'> & { readonly background?: boolean };

/** How one call ended: `code` is the HTTP status, 0 where nobody answered. */
export interface Answer { readonly ok: boolean; readonly code: number; readonly body: KubeObject | Status | undefined }

/** Something to report about an object. */
export interface ControllerEvent { readonly regarding: KubeObject; readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }

/** News about an object, as a controller's event handlers hear it. */
export type ObjectNews = ClientNews & { readonly type: 'added' | 'updated' | 'deleted' };

/** A key that needs work: now, after a while, or (cancel) not any more. */
export type Wanted = string | { readonly key: string; readonly afterUs: number; readonly background?: boolean } | { readonly key: string; readonly cancel: true };

/** What an event handler makes of a piece of news. */
export interface Reaction<Memory> { readonly keys?: readonly Wanted[]; readonly memory?: Memory }

export interface ReactContext<Memory> { readonly list: Listers; readonly memory: Memory; readonly nowUs: SimTime }

export interface SyncContext<Memory, Step> {
  readonly key: string;
  readonly nowUs: SimTime;
  readonly list: Listers;
  readonly memory: Memory;
  /** What the last step of this sync left for this one; undefined in the first. */
  readonly step: Step | undefined;
  /** The answers to the calls of the last step, in their order. */
  readonly answers: readonly Answer[];
  readonly clusterCidr: string;
  /** A whole number in [0, bound), from this controller's own stream. */
  random(bound: number): number;
}

export interface SyncResult<Memory, Step> {
  /** Calls made side by side; when all are answered, sync is called again with `next`. Without calls, the work on the key is over. */
  readonly requests?: readonly ControllerRequest[];
  readonly next?: Step;
  readonly events?: readonly ControllerEvent[];
  readonly notes?: readonly Note[];
  readonly memory?: Memory;
  /** Resources beyond the shared informers' of which it wants to hear news from now on. */
  readonly follow?: readonly Followed[];
  /** Names under which it wants to hear no more (`group resource` as errors print it). */
  readonly unfollow?: readonly string[];
  /** Further keys of this controller that need work. */
  readonly keys?: readonly Wanted[];
  /** At the end: come back to this key after a while. */
  readonly requeueAfterUs?: number;
  /** The coming back is a mere look around, not news. */
  readonly requeueInBackground?: boolean;
  /** At the end: the work failed; try the key again after its back-off. */
  readonly error?: string;
}

/** What the process knows of a controller before its code is needed. */
export interface ControllerAbout {
  /** Upstream's name (cmd/kube-controller-manager/names/controller_names.go). */
  readonly name: string;
  /** The service account in kube-system as which it calls. */
  readonly serviceAccount: string;
  /** The source its Events name. */
  readonly component: string;
  /** The resources of which it hears news. */
  readonly resources: readonly ModelledResource[];
  /** It also hears news of whatever it asked to follow (`SyncResult.follow`). */
  readonly followsMore?: true;
  /** It sleeps until there is an object of one of these kinds, and follows them from then on; upstream follows them from the start. */
  readonly awakenedBy?: readonly Followed[];
  /** What it follows besides, once it is awake. */
  readonly alsoFollows?: readonly Followed[];
  /** How many keys are worked on at once. */
  readonly concurrency: number;
  /** Calls a second and at once; 20 and 30 where left out. */
  readonly limit?: { readonly qps: number; readonly burst: number };
  /** How long a key waits after its first failure, which doubles with each, and at most; 5 ms and 1,000 s where left out. */
  readonly backOff?: { readonly baseUs: number; readonly maxUs: number };
  /** Keys that are worked on when the process begins its work. */
  readonly startsWith?: readonly string[];
}

/** What a controller does: it hears news, which gives keys, and works on keys, which gives calls. */
export interface ControllerCode<Memory = unknown, Step = unknown> {
  memory(): Memory;
  react(news: ObjectNews, context: ReactContext<Memory>): Reaction<Memory> | undefined;
  sync(context: SyncContext<Memory, Step>): SyncResult<Memory, Step>;
}

/** One controller. A file each in `controllers/`. */
export interface Controller<Memory = unknown, Step = unknown> extends ControllerAbout, ControllerCode<Memory, Step> {}

/** Names a controller's own types in one place and lets `late-code.ts` forget them. */
export function defineCode<Memory, Step>(code: ControllerCode<Memory, Step>): ControllerCode {
  return code as unknown as ControllerCode;
}

/** The same for a controller whose code is there from the start. */
export function defineController<Memory, Step>(controller: Controller<Memory, Step>): Controller {
  return controller as unknown as Controller;
}

/** The work on a key is over. */
export const finished: SyncResult<never, never> = {};
