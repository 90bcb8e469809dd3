/** What the served API says, as tests of conformance read it. */

export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string; readonly namespace?: string; readonly uid: string; readonly resourceVersion: string; readonly generation?: number; readonly creationTimestamp: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string; readonly blockOwnerDeletion?: boolean }[]; readonly deletionTimestamp?: string;
    readonly labels?: Texts; readonly annotations?: Texts; readonly finalizers?: readonly string[]; readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly subresource?: string }[];
  };
  readonly [field: string]: unknown;
}
type Texts = { readonly [key: string]: string };
export interface ThingList { readonly kind: string; readonly metadata: { readonly resourceVersion: string; readonly continue?: string; readonly remainingItemCount?: number }; readonly items: readonly Thing[] }

/** What the server said instead of doing it: a Status. */
export class Refused extends Error {
  readonly code: number;
  readonly reason: string;
  readonly status: { readonly message: string; readonly reason: string; readonly details?: { readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[] } };
  constructor(asked: string, code: number, text: string) {
    super(text);
    this.name = `Refused (${asked})`;
    this.code = code;
    this.status = text.startsWith('{') ? JSON.parse(text) as Refused['status'] : { message: text, reason: '' };
    this.message = this.status.message;
    this.reason = this.status.reason;
  }
}
