import type { PatchMeta, PatchMetaOf } from '../apimachinery/strategic-merge-patch.ts';
import { typeSchema, schemaOfKind } from './types.ts';
import type { FieldType, TypeSchema } from './types.ts';

/**
 * How lists are merged by a strategic merge patch, per type and field: the merge key, empty for lists of plain values.
 * Models the `patchStrategy` and `patchMergeKey` tags of staging/src/k8s.io/api and apimachinery. Neither npm package has them.
 */
export const mergeKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  APIServiceStatus: { conditions: 'type' },
  CSINodeSpec: { drivers: 'name' },
  Container: { env: 'name', ports: 'containerPort', volumeDevices: 'devicePath', volumeMounts: 'mountPath' },
  ContainerStatus: { allocatedResourcesStatus: 'name', volumeMounts: 'mountPath' },
  DaemonSetStatus: { conditions: 'type' },
  DeploymentStatus: { conditions: 'type' },
  EphemeralContainer: { env: 'name', ports: 'containerPort', volumeDevices: 'devicePath', volumeMounts: 'mountPath' },
  FlowSchemaStatus: { conditions: 'type' },
  JSONSchemaProps: { 'x-kubernetes-validations': 'rule' },
  JobStatus: { conditions: 'type' },
  MutatingWebhook: { matchConditions: 'name' },
  MutatingWebhookConfiguration: { webhooks: 'name' },
  NamespaceStatus: { conditions: 'type' },
  NodeSpec: { podCIDRs: '' },
  NodeStatus: { addresses: 'type', conditions: 'type' },
  ObjectMeta: { finalizers: '', ownerReferences: 'uid' },
  PersistentVolumeClaimStatus: { conditions: 'type' },
  PodDisruptionBudgetStatus: { conditions: 'type' },
  PodSpec: {
    containers: 'name', ephemeralContainers: 'name', hostAliases: 'ip', imagePullSecrets: 'name', initContainers: 'name', resourceClaims: 'name',
    schedulingGates: 'name', topologySpreadConstraints: 'topologyKey', volumes: 'name',
  },
  PodStatus: { conditions: 'type', hostIPs: 'ip', podIPs: 'ip', resourceClaimStatuses: 'name' },
  PriorityLevelConfigurationStatus: { conditions: 'type' },
  ReplicaSetStatus: { conditions: 'type' },
  ReplicationControllerStatus: { conditions: 'type' },
  ResourceClaimStatus: { reservedFor: 'uid' },
  ServiceAccount: { secrets: 'name' },
  ServiceCIDRStatus: { conditions: 'type' },
  ServiceSpec: { ports: 'port' },
  ServiceStatus: { conditions: 'type' },
  StatefulSetStatus: { conditions: 'type' },
  ValidatingAdmissionPolicySpec: { matchConditions: 'name', variables: 'name' },
  ValidatingWebhook: { matchConditions: 'name' },
  ValidatingWebhookConfiguration: { webhooks: 'name' },
  'v2.HorizontalPodAutoscalerStatus': { conditions: 'type' },
};

/** Fields that a patch replaces whole, whatever is in them. Models staging/src/k8s.io/api/policy/v1/types.go. */
export const replaced: ReadonlySet<string> = new Set(['PodDisruptionBudgetSpec.selector']);

/** Fields whose patch says which keys to keep, so that changing a union's branch drops the other one. */
export const retainKeys: ReadonlySet<string> = new Set([
  'DeploymentSpec.strategy', 'PodSpec.resourceClaims', 'PodSpec.volumes', 'PodStatus.resourceClaimStatuses',
]);

const lookups = new Map<string, PatchMetaOf>();

/** How each field of a kind is patched, for `applyStrategicMergePatch`; a kind the table does not have merges no lists. */
export function patchMetaOfKind(apiVersion: string, kind: string): PatchMetaOf {
  const id = `${apiVersion} ${kind}`;
  let lookup = lookups.get(id);
  if (lookup === undefined) {
    const schema = schemaOfKind(apiVersion, kind);
    const known = new Map<string, PatchMeta | undefined>();
    lookup = (path) => {
      if (schema === undefined) return undefined;
      if (!known.has(path)) known.set(path, metaAt(schema, path.split('.')));
      return known.get(path);
    };
    lookups.set(id, lookup);
  }
  return lookup;
}

function metaAt(schema: TypeSchema, path: readonly string[]): PatchMeta | undefined {
  let owner: TypeSchema | undefined = schema;
  for (const [index, name] of path.entries()) {
    let type: FieldType | undefined = owner?.fields.get(name)?.type;
    if (owner === undefined || type === undefined) return undefined;
    if (index === path.length - 1) return metaOf(owner.name, name);
    while (type.kind === 'array') type = type.of;
    owner = type.kind === 'struct' ? typeSchema(type.name) : undefined;
  }
  return undefined;
}

function metaOf(type: string, field: string): PatchMeta | undefined {
  if (replaced.has(`${type}.${field}`)) return { strategies: ['replace'] };
  const fields = mergeKeys[type];
  const mergeKey = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
  const retains = retainKeys.has(`${type}.${field}`);
  if (mergeKey === undefined) return retains ? { strategies: ['retainKeys'] } : undefined;
  const strategies = retains ? ['merge', 'retainKeys'] : ['merge'];
  return mergeKey === '' ? { strategies } : { strategies, mergeKey };
}
