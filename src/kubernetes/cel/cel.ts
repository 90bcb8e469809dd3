/** What the expressions of Kubernetes are to those who use them: types only, so that the language itself may be loaded late. */

/** The part of an OpenAPI schema that says what a JSON value is in an expression. */
export interface CelSchema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: { readonly [name: string]: CelSchema };
  readonly additionalProperties?: CelSchema | boolean;
  readonly items?: CelSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/** What an estimate reads of a schema. */
export interface SizedSchema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: { readonly [name: string]: SizedSchema };
  readonly additionalProperties?: SizedSchema | boolean;
  readonly items?: SizedSchema | readonly SizedSchema[];
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

/** The names an expression may use. `dyn` is any JSON; with a schema the value's numbers, times and escaped names follow it. */
export interface CelNames { readonly [name: string]: 'dyn' | 'map' | 'list' | 'string' | 'bool' | 'int' | 'authorizer' | CelSchema }

/** A value: a plain one, or one that is worked out when an expression first asks for it. */
export interface CelValues { readonly [name: string]: unknown }

export type CelOutcome = { readonly value: unknown } | { readonly error: string };

export interface CelExpression {
  /** `bool`, `string`, `int`, `list`, `map`, `dyn`, …: what the checker found. */
  readonly type: string;
  /** Evaluates with JSON values for the names; the outcome is JSON again, or cel-go's words for what went wrong. Never throws. */
  evaluate(values: CelValues): CelOutcome;
  /** What it may cost at most where `self` is of this schema (a whole resource, or a part of one), and how many such values one request has room for; undefined where the schema says nothing of them. */
  mostCost(self: SizedSchema, isResource: boolean): { readonly cost: number; readonly times: number } | undefined;
}

export interface Cel {
  /** Compiles and checks; the refusal is the text that stands behind upstream's `compilation failed: `. */
  /** `mutates`: knows the literals that changes of an object are written with. */
  compile(expression: string, names: CelNames, mutates?: boolean): CelExpression | { readonly compileError: string };
  /** A map whose entries are worked out once each, when they are asked for: `variables`. */
  lazily(entries: { readonly [name: string]: () => CelOutcome }): unknown;
  /** A value for a name of type `authorizer`: it asks whether a user may do something. */
  authorizer(ask: (asked: { readonly [field: string]: string }) => { readonly allowed: boolean; readonly reason: string }, user: string): unknown;
}

export const isCompileError = (result: ReturnType<Cel['compile']>): result is { readonly compileError: string } => 'compileError' in result;
