/**
 * Who may do what from the first start on, in shorthand. Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy/{policy,controller_policy,namespace_policy}.go.
 * A role is a line with its name (and `to=x`, its label for aggregation), and a line for each rule: verbs, API groups (`-` is the core group), resources, names.
 * Verbs are letters: get, list, watch, create, update, patch, delete, x for deletecollection; others are written out. `url` stands where paths follow.
 */
export const clusterRules = `
cluster-admin
 * * *
 * url *
system:aggregate-to-admin to=admin
 create authorization.k8s.io localsubjectaccessreviews
 glwcupdx rbac.authorization.k8s.io rolebindings,roles
system:aggregate-to-edit to=edit
 glw - pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy
 impersonate - serviceaccounts
 cupdx - pods,pods/attach,pods/exec,pods/portforward,pods/proxy
 c - pods/eviction
 cupdx - configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy
 c - serviceaccounts/token
 cupdx apps daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale
 cupdx autoscaling horizontalpodautoscalers
 cupdx batch cronjobs,jobs
 cupdx extensions daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale
 cupdx policy poddisruptionbudgets
 cupdx networking.k8s.io ingresses,networkpolicies
 glwcupdx coordination.k8s.io leases
 cupdx resource.k8s.io resourceclaims,resourceclaimtemplates
system:aggregate-to-view to=view
 glw - configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status
 glw - bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status
 glw - namespaces
 glw discovery.k8s.io endpointslices
 glw apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status
 glw autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status
 glw batch cronjobs,cronjobs/status,jobs,jobs/status
 glw extensions daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale
 glw policy poddisruptionbudgets,poddisruptionbudgets/status
 glw networking.k8s.io ingresses,ingresses/status,networkpolicies
 glw resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates
system:auth-delegator
 c authentication.k8s.io tokenreviews
 c authorization.k8s.io subjectaccessreviews
system:basic-user
 c authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews
 c authentication.k8s.io selfsubjectreviews
system:certificates.k8s.io:certificatesigningrequests:nodeclient
 c certificates.k8s.io certificatesigningrequests/nodeclient
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
 c certificates.k8s.io certificatesigningrequests/selfnodeclient
system:certificates.k8s.io:kube-apiserver-client-approver
 approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
 approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet
system:certificates.k8s.io:kubelet-serving-approver
 approve certificates.k8s.io signers kubernetes.io/kubelet-serving
system:certificates.k8s.io:legacy-unknown-approver
 approve certificates.k8s.io signers kubernetes.io/legacy-unknown
system:discovery
 g url /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/
system:heapster
 glw - events,namespaces,nodes,pods
 glw extensions deployments
system:kube-aggregator
 glw - endpoints,services
system:kube-controller-manager
 cpu -,events.k8s.io events
 c coordination.k8s.io leases
 gu coordination.k8s.io leases kube-controller-manager
 c - secrets,serviceaccounts
 d - secrets
 g - configmaps,namespaces,secrets,serviceaccounts
 u - secrets,serviceaccounts
 c authentication.k8s.io tokenreviews
 c authorization.k8s.io subjectaccessreviews
 lw * *
 c - serviceaccounts/token
system:kube-dns
 lw - endpoints,services
system:kube-scheduler
 cpu -,events.k8s.io events
 c coordination.k8s.io leases
 gu coordination.k8s.io leases kube-scheduler
 glw - nodes
 glwd - pods
 c - bindings,pods/binding
 pu - pods/status
 glw - replicationcontrollers,services
 glw apps,extensions replicasets
 glw apps statefulsets
 glw policy poddisruptionbudgets
 glw - persistentvolumeclaims,persistentvolumes
 c authentication.k8s.io tokenreviews
 c authorization.k8s.io subjectaccessreviews
 glw storage.k8s.io csinodes
 glw - namespaces
 glw storage.k8s.io csidrivers
 glw storage.k8s.io csistoragecapacities
 glw resource.k8s.io deviceclasses,resourceclaims
 glwpu resource.k8s.io resourceclaims
 glwpu resource.k8s.io resourceclaims/status
 glwpu - pods/finalizers
 glw resource.k8s.io resourceslices
system:kubelet-api-admin
 glw - nodes
 proxy - nodes
 * - nodes/log,nodes/metrics,nodes/proxy,nodes/stats
system:monitoring
 g url /healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*
system:node
 c authentication.k8s.io tokenreviews
 c authorization.k8s.io localsubjectaccessreviews,subjectaccessreviews
 glw - services
 cglw - nodes
 pu - nodes/status
 pu - nodes
 cpu - events
 glw - pods
 cd - pods
 pu - pods/status
 c - pods/eviction
 glw - configmaps,secrets
 g - persistentvolumeclaims,persistentvolumes
 g - endpoints
 cglw certificates.k8s.io certificatesigningrequests
 cdgpu coordination.k8s.io leases
 g storage.k8s.io volumeattachments
 c - serviceaccounts/token
 gpu - persistentvolumeclaims/status
 glw storage.k8s.io csidrivers
 cdgpu storage.k8s.io csinodes
 glw node.k8s.io runtimeclasses
 g resource.k8s.io resourceclaims
 glwcupdx resource.k8s.io resourceslices
system:node-bootstrapper
 cglw certificates.k8s.io certificatesigningrequests
system:node-problem-detector
 g - nodes
 p - nodes/status
 cpu -,events.k8s.io events
system:node-proxier
 lw - endpoints,services
 glw - nodes
 cpu -,events.k8s.io events
 lw discovery.k8s.io endpointslices
system:persistent-volume-provisioner
 cdglw - persistentvolumes
 glwu - persistentvolumeclaims
 glw storage.k8s.io storageclasses
 w - events
 cpu -,events.k8s.io events
system:public-info-viewer
 g url /healthz,/livez,/readyz,/version,/version/
system:service-account-issuer-discovery
 g url /.well-known/openid-configuration,/openid/v1/jwks
system:volume-scheduler
 glwpu - persistentvolumes
 glw storage.k8s.io storageclasses
 glwpu - persistentvolumeclaims
`;

/** Each of these is `system:controller:<name>`, bound to the service account of that name in kube-system. A `!` behind the name: it writes no Events. */
export const controllerRules = `
attachdetach-controller
 lw - persistentvolumeclaims,persistentvolumes
 glw - nodes
 pu - nodes/status
 lw - pods
 cdglw storage.k8s.io volumeattachments
 glw storage.k8s.io csidrivers
 glw storage.k8s.io csinodes
certificate-controller
 dglw certificates.k8s.io certificatesigningrequests
 u certificates.k8s.io certificatesigningrequests/approval,certificatesigningrequests/status
 approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet
 sign certificates.k8s.io signers kubernetes.io/kube-apiserver-client,kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown
 c authorization.k8s.io subjectaccessreviews
clusterrole-aggregation-controller!
 escalate,get,list,patch,update,watch rbac.authorization.k8s.io clusterroles
cronjob-controller
 glwu batch cronjobs
 cdglwpu batch jobs
 u batch cronjobs/status
 u batch cronjobs/finalizers
 dlw - pods
daemon-set-controller
 glw apps,extensions daemonsets
 u apps,extensions daemonsets/status
 u apps,extensions daemonsets/finalizers
 lw - nodes
 cdlwp - pods
 c - pods/binding
 cdglwpu apps controllerrevisions
deployment-controller
 glwu apps,extensions deployments
 u apps,extensions deployments/status
 u apps,extensions deployments/finalizers
 cdglwpu apps,extensions replicasets
 glwu - pods
disruption-controller
 glw apps,extensions deployments
 glw apps,extensions replicasets
 glw - replicationcontrollers
 glw policy poddisruptionbudgets
 glw apps statefulsets
 u policy poddisruptionbudgets/status
 pu - pods/status
 g * */scale
endpoint-controller
 glw - pods,services
 cdglwu - endpoints
 c - endpoints/restricted
endpointslice-controller
 glw - nodes,pods,services
 u - services/finalizers
 cdglwu discovery.k8s.io endpointslices
endpointslicemirroring-controller
 glw - endpoints,services
 u - services/finalizers
 u - endpoints/finalizers
 cdglwu discovery.k8s.io endpointslices
ephemeral-volume-controller
 glw - pods
 u - pods/finalizers
 cglw - persistentvolumeclaims
expand-controller
 glwpu - persistentvolumes
 pu - persistentvolumeclaims/status
 glw - persistentvolumeclaims
 g - services
generic-garbage-collector
 dglwpu * *
horizontal-pod-autoscaler
 glw autoscaling horizontalpodautoscalers
 u autoscaling horizontalpodautoscalers/status
 gu * */scale
 lw - pods
 lw metrics.k8s.io pods
 glw custom.metrics.k8s.io *
 glw external.metrics.k8s.io *
job-controller
 glwpu batch jobs
 u batch jobs/status
 u batch jobs/finalizers
 cdlwp - pods
legacy-service-account-token-cleaner!
 g - configmaps kube-apiserver-legacy-service-account-token-tracking
 dp - secrets
namespace-controller!
 dglw - namespaces
 u - namespaces/finalize,namespaces/status
 dglwx * *
node-controller
 dglwpu - nodes
 pu - nodes/status
 pu - pods/status
 dglw - pods
persistent-volume-binder
 cdglwu - persistentvolumes
 u - persistentvolumes/status
 glwu - persistentvolumeclaims
 u - persistentvolumeclaims/status
 cdglw - pods
 glw storage.k8s.io storageclasses
 lw - nodes
 w - events
 g - services
pod-garbage-collector!
 dlw - pods
 glw - nodes
 p - pods/status
pv-protection-controller
 glwu - persistentvolumes
pvc-protection-controller
 glwu - persistentvolumeclaims
 glw - pods
replicaset-controller
 glwu apps,extensions replicasets
 u apps,extensions replicasets/status
 u apps,extensions replicasets/finalizers
 cdlwp - pods
replication-controller
 glwu - replicationcontrollers
 u - replicationcontrollers/status
 u - replicationcontrollers/finalizers
 cdlwp - pods
resource-claim-controller
 glw - pods
 u - pods/finalizers
 cdglw resource.k8s.io resourceclaims
 pu resource.k8s.io resourceclaims,resourceclaims/status
 pu - pods/status
resourcequota-controller
 lw * *
 u - resourcequotas/status
root-ca-cert-publisher
 cu - configmaps
route-controller
 lw - nodes
 p - nodes/status
selinux-warning-controller
 glw - persistentvolumes
 glw - persistentvolumeclaims
 glw - pods
 glw storage.k8s.io csidrivers
service-account-controller
 c - serviceaccounts
service-cidrs-controller
 glwpu networking.k8s.io servicecidrs
 pu networking.k8s.io servicecidrs/finalizers
 pu networking.k8s.io servicecidrs/status
 glw networking.k8s.io ipaddresses
service-controller
 glw - services
 pu - services/status
 lw - nodes
statefulset-controller
 lw - pods
 glw apps statefulsets
 u apps statefulsets/status
 u apps statefulsets/finalizers
 cdgpu - pods
 cdglwpu apps controllerrevisions
 cglw - persistentvolumeclaims
 du - persistentvolumeclaims
 u - pods/finalizers
ttl-after-finished-controller
 dglw batch jobs
ttl-controller
 lwpu - nodes
validatingadmissionpolicy-status-controller
 glw admissionregistration.k8s.io validatingadmissionpolicies
 gpu admissionregistration.k8s.io validatingadmissionpolicies/status
volumeattributesclass-protection-controller
 glw - persistentvolumeclaims
 glw - persistentvolumes
 glwu storage.k8s.io volumeattributesclasses
`;

/** Roles of a namespace: `namespace/name`. */
export const namespaceRules = `
kube-public/system:controller:bootstrap-signer
 glw - configmaps
 u - configmaps cluster-info
 cpu -,events.k8s.io events
kube-system/extension-apiserver-authentication-reader
 glw - configmaps extension-apiserver-authentication
kube-system/system::leader-locking-kube-controller-manager
 w - configmaps
 gu - configmaps kube-controller-manager
 cglwu coordination.k8s.io leases
kube-system/system::leader-locking-kube-scheduler
 w - configmaps
 gu - configmaps kube-scheduler
kube-system/system:controller:bootstrap-signer
 glw - secrets
kube-system/system:controller:cloud-provider
 cglw - configmaps
kube-system/system:controller:token-cleaner
 dglw - secrets
 cpu -,events.k8s.io events
`;

/** What binds the roles above and those of kubeadm: \`[namespace/]name\`, \`Role/\` or nothing, the role's name where it has another, and the subjects. */
export const bindings = `
cluster-admin group:system:masters
system:basic-user group:system:authenticated
system:discovery group:system:authenticated
system:kube-controller-manager user:system:kube-controller-manager
system:kube-dns sa:kube-system/kube-dns
system:kube-scheduler user:system:kube-scheduler
system:monitoring group:system:monitoring
system:node
system:node-proxier user:system:kube-proxy
system:public-info-viewer group:system:authenticated group:system:unauthenticated
system:service-account-issuer-discovery group:system:serviceaccounts
system:volume-scheduler user:system:kube-scheduler
kube-public/system:controller:bootstrap-signer sa:kube-system/bootstrap-signer
kube-system/system::extension-apiserver-authentication-reader role:extension-apiserver-authentication-reader user:system:kube-controller-manager user:system:kube-scheduler
kube-system/system::leader-locking-kube-controller-manager user:system:kube-controller-manager sa:kube-system/kube-controller-manager
kube-system/system::leader-locking-kube-scheduler user:system:kube-scheduler sa:kube-system/kube-scheduler
kube-system/system:controller:bootstrap-signer sa:kube-system/bootstrap-signer
kube-system/system:controller:cloud-provider sa:kube-system/cloud-provider
kube-system/system:controller:token-cleaner sa:kube-system/token-cleaner
`;

/** What kubeadm adds when it has set up a cluster. Models cmd/kubeadm/app/phases/{bootstraptoken,kubeconfig,uploadconfig}. */
export const kubeadmRules = `
kubeadm:get-nodes
 g - nodes
`;
export const kubeadmBindings = `
kubeadm:cluster-admins role:cluster-admin group:kubeadm:cluster-admins
kubeadm:get-nodes group:system:bootstrappers:kubeadm:default-node-token
kubeadm:kubelet-bootstrap role:system:node-bootstrapper group:system:bootstrappers:kubeadm:default-node-token
kubeadm:node-autoapprove-bootstrap role:system:certificates.k8s.io:certificatesigningrequests:nodeclient group:system:bootstrappers:kubeadm:default-node-token
kubeadm:node-autoapprove-certificate-rotation role:system:certificates.k8s.io:certificatesigningrequests:selfnodeclient group:system:nodes
kubeadm:node-proxier role:system:node-proxier sa:kube-system/kube-proxy
`;
