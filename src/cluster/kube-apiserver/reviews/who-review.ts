/** Who am I, and whose token is this? Models pkg/registry/authentication/{selfsubjectreview,tokenreview}. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { badRequestError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { adminOfToken } from '../authentication/authentication.ts';
import { apiAudience, userOfToken } from '../authentication/tokens.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import type { Review } from './outcome.ts';

const shown = ({ name, uid, groups, extra }: UserInfo): object => ({ username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) });

export const reviewSelf: Review = ({ apiVersion, kind }, { user }, { env }) =>
  ({ object: { apiVersion, kind, metadata: { creationTimestamp: formatTime(env.nowUs) }, status: { userInfo: shown(user) } } as unknown as KubeObject });

export const reviewToken: Review = (body, _inflight, { state, env }) => {
  const { token = '', audiences } = (body.spec ?? {}) as { readonly token?: string; readonly audiences?: readonly string[] };
  if (token === '') return { refuse: badRequestError('token is required for TokenReview in authentication') };
  const wanted = audiences === undefined || audiences.length === 0 ? [apiAudience] : audiences;
  const admin = adminOfToken(token);
  const found = admin === undefined ? userOfToken(state, token, env.nowUs, wanted) : { user: admin, audiences: wanted };
  const status = found === undefined ? { user: {}, error: 'invalid bearer token' } : { authenticated: true, user: shown(found.user), audiences: found.audiences };
  return { object: { ...body, metadata: { ...body.metadata, creationTimestamp: null }, status } as unknown as KubeObject };
};
