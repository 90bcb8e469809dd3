/** The Container Network Interface as messages (containernetworking/cni SPEC.md): the runtime executes the plugin with a verb. */
/** `cni.ADD` → `cni.Result`; `cni.DEL` → `cni.Result`. The plugin's host-local IPAM gives the address out of the node's Pod CIDR. */
export interface CniRequest { readonly containerId: string; readonly podNamespace: string; readonly podName: string; readonly ifName: 'eth0' }
export interface CniResult { readonly ip: string; readonly gateway: string }
export interface CniError { readonly code: number; readonly message: string }
