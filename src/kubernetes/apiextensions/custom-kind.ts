/** What the API server must know of a custom kind in one of its versions: types only, so that what makes it may be loaded late. */
import type { ClientConfig } from '../admission/webhooks/webhook.ts';
import type { KubeObject } from '../api/meta-v1.ts';
import type { ResourceInfo } from '../api/served-resources.ts';
import type { FieldError } from '../apimachinery/field-errors.ts';
import type { Shape } from '../structured-merge/shapes.ts';
import type { Definition, Names, PrinterColumn, Schema } from './definition.ts';

/** A body that decodes, or the words of the refusal. */
export type Decoded = { readonly object: KubeObject; readonly unknownFields: readonly string[] } | { readonly message: string };

/** Who converts between a definition's versions, and in which version it is asked. */
export interface ConversionWebhook { readonly clientConfig: ClientConfig; readonly reviewVersion: string }

/** An object on its way into another version: there, still to be sent to a webhook as `ask`, or never to come there. */
export type Conversion = { readonly object: KubeObject } | { readonly ask: KubeObject; readonly apiVersion: string } | { readonly wrong: string };

export interface CustomKind {
  readonly info: ResourceInfo;
  readonly listKind: string;
  /** The definition's name: `crontabs.stable.example.com`. */
  readonly key: string;
  readonly schema: Schema | undefined;
  readonly shape: Shape;
  readonly columns: readonly PrinterColumn[];
  /** The fields that its objects can be selected by, besides their names. */
  readonly selectable: readonly string[];
  /** What everyone is told who uses a deprecated version. */
  readonly warnings: readonly string[];
  readonly terminating: boolean;
  /** When it was established, in virtual time. */
  readonly establishedAtUs: number;
  /** Whether a definition still says the same of its kinds. */
  isOf(definition: Definition): boolean;
  /** An object of this version: pruned, with its defaults. */
  decode(body: KubeObject): Decoded;
  readonly webhook: ConversionWebhook | undefined;
  /** A stored object as this version shows it, and an object of this version as it is stored (or as another version shows it). */
  fromStored(object: KubeObject): Conversion;
  toStored(object: KubeObject): Conversion;
  toVersion(object: KubeObject, version: string): Conversion;
  /** What a webhook made of an object that it was asked about. */
  converted(answer: unknown, asked: KubeObject, apiVersion: string, uid: string): { readonly object: KubeObject } | { readonly wrong: string };
  prepareForCreate(object: KubeObject): KubeObject;
  prepareForUpdate(next: KubeObject, current: KubeObject): KubeObject;
  prepareForStatusUpdate(next: KubeObject, current: KubeObject): KubeObject;
  problems(object: KubeObject): readonly FieldError[];
  changeProblems(next: KubeObject, current: KubeObject, ofStatus: boolean): readonly FieldError[];
  /** The object as autoscaling/v1 sees it, and with another number of replicas. */
  scaleOf(object: KubeObject): KubeObject;
  scaled(object: KubeObject, replicas: number): KubeObject;
  readonly replicasPath: readonly string[];
}

/** What the server makes of definitions. */
export interface CustomResources {
  /** The kind in a version, whether that is served or not. */
  kindOf(definition: Definition, version: string): CustomKind | undefined;
  /** The versions that are served, the one to be preferred first. */
  servedVersions(definition: Definition): readonly string[];
  preferredFirst(versions: readonly string[]): readonly string[];
  /** The definition with the names it may have beside the others of its group; undefined where that changes nothing. Models pkg/controller/status/naming_controller.go. */
  named(definition: Definition, others: readonly Definition[], nowUs: number): Definition | undefined;
  /** The definition with what is known of its approval by the community; undefined where that changes nothing. */
  approved(definition: Definition, nowUs: number): Definition | undefined;
  /** The definition with a condition set. */
  /** What is posted to a webhook to have an object converted, and the words for an answer that never comes. */
  conversionReview(webhook: ConversionWebhook, object: KubeObject, apiVersion: string, uid: string): object;
  conversionFailed(object: KubeObject, why: string): string;
  /** Whether its webhook's authority is no certificate: such a definition is not established. */
  hasWrongBundle(definition: Definition): boolean;
  withCondition(definition: Definition, condition: { readonly type: string; readonly status: 'True' | 'False'; readonly reason: string; readonly message: string }, nowUs: number): Definition;
}

export type { Definition, Names, PrinterColumn };
