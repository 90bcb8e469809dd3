/** All that one may do in a namespace. Models pkg/registry/authorization/selfsubjectrulesreview/rest.go. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { RbacRule } from '../../../kubernetes/api/kept-specs.ts';
import { badRequestError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { policyOf } from '../authorization/authorizer.ts';
import { isNode } from '../authorization/node-authorizer.ts';
import type { Review } from './outcome.ts';

export const reviewRules: Review = (body, { user }, { state }) => {
  const { namespace = '' } = (body.spec ?? {}) as { readonly namespace?: string };
  if (namespace === '') return { refuse: badRequestError('no namespace on request') };
  const rules = policyOf(state).rulesFor(user, namespace);
  const isUrl = ({ nonResourceURLs }: RbacRule): boolean => (nonResourceURLs ?? []).length > 0;
  const resourceRules = rules.filter((rule) => !isUrl(rule)).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) }));
  const nonResourceRules = rules.filter(isUrl).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const incomplete = isNode(user) ? { incomplete: true, evaluationError: 'node authorizer does not support user rule resolution' } : { incomplete: false };
  return { object: { ...body, metadata: { ...body.metadata, creationTimestamp: null }, status: { resourceRules, nonResourceRules, ...incomplete } } as unknown as KubeObject };
};
