import type { Webhook } from '../../../kubernetes/admission/webhooks/webhook.ts';

/** One webhook to be asked, and the review for it: an AdmissionReview, or (`converts`) a ConversionReview. */
export interface WebhookCall { readonly key: string; readonly hook: Pick<Webhook, 'clientConfig' | 'timeoutSeconds'>; readonly review: (uid: string) => object; readonly converts?: true }

/** What came of asking one, as the how-manieth of the request's: the body of the answer to the call of this uid; or why there is none. */
export type WebhookOutcome = { readonly at: number } & ({ readonly uid: string; readonly body: unknown } | { readonly error: string });
