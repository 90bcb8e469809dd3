import { acknowledgedWritesStay } from './acknowledged-writes-stay.ts';
import { boundPodNeverChangesNode } from './bound-pod-never-changes-node.ts';
import type { Checker } from './checker.ts';
import { componentsKeepToTheirRules } from './components-keep-to-their-rules.ts';
import { membersAgree } from './members-agree.ts';
import { noNodeOverCommitted } from './no-node-over-committed-by-the-scheduler.ts';
import { podsNeverShareAnIp } from './pods-never-share-an-ip.ts';
import { replicasConverge } from './replicas-converge.ts';
import { resourceVersionOnlyGrows } from './resource-version-only-grows.ts';
import { watchersAgreeWithEtcd } from './watchers-agree-with-etcd.ts';

/** Everything that must always hold. */
export const checkers: readonly Checker[] = [podsNeverShareAnIp, boundPodNeverChangesNode, resourceVersionOnlyGrows, noNodeOverCommitted, watchersAgreeWithEtcd, replicasConverge, membersAgree, acknowledgedWritesStay, componentsKeepToTheirRules];
