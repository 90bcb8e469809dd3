/** Models staging/src/k8s.io/apiserver/pkg/cel/library/authz.go: what a policy may ask of the authorizers. */
import type { Declared } from '../library.ts';

type Ask = (asked: { readonly [field: string]: string }) => { readonly allowed: boolean; readonly reason: string };

/** A question as far as it is put. */
export class Authorizer {
  readonly ask: Ask;
  readonly asked: { readonly [field: string]: string };
  constructor(ask: Ask, asked: { readonly [field: string]: string }) { this.ask = ask; this.asked = asked; }
}
export class PathCheck extends Authorizer {}
export class GroupCheck extends Authorizer {}
export class ResourceCheck extends Authorizer {}
export class Decided {
  readonly allowed: boolean;
  readonly reason: string;
  constructor({ allowed, reason }: ReturnType<Ask>) { this.allowed = allowed; this.reason = reason; }
}

const place = 'kubernetes.authorization';
export const authorizerTypes = { [`${place}.Authorizer`]: Authorizer, [`${place}.PathCheck`]: PathCheck, [`${place}.GroupCheck`]: GroupCheck, [`${place}.ResourceCheck`]: ResourceCheck, [`${place}.Decision`]: Decided };

const resourceWith = (field: string) => ({ ask, asked }: Authorizer, value: string) => new ResourceCheck(ask, { ...asked, [field]: value });
const check = ({ ask, asked }: Authorizer, verb: string) => new Decided(ask({ ...asked, verb }));

export const authorizers: readonly Declared[] = [
  [`${place}.Authorizer.path(string): ${place}.PathCheck`, ({ ask, asked }: Authorizer, path: string) => new PathCheck(ask, { ...asked, path })],
  [`${place}.Authorizer.group(string): ${place}.GroupCheck`, ({ ask, asked }: Authorizer, group: string) => new GroupCheck(ask, { ...asked, group })],
  [`${place}.Authorizer.serviceAccount(string, string): ${place}.Authorizer`, ({ ask, asked }: Authorizer, namespace: string, name: string) => new Authorizer(ask, { ...asked, user: `system:serviceaccount:${namespace}:${name}` })],
  [`${place}.GroupCheck.resource(string): ${place}.ResourceCheck`, resourceWith('resource')],
  ...['subresource', 'namespace', 'name'].map((field): Declared => [`${place}.ResourceCheck.${field}(string): ${place}.ResourceCheck`, resourceWith(field)]),
  [`${place}.ResourceCheck.check(string): ${place}.Decision`, check], [`${place}.PathCheck.check(string): ${place}.Decision`, check],
  [`${place}.Decision.allowed(): bool`, ({ allowed }: Decided) => allowed], [`${place}.Decision.reason(): string`, ({ reason }: Decided) => reason],
];
