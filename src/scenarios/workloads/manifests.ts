/** Small manifests, as a user would write them. */

export interface ContainerWish { readonly image: string; readonly cpu?: string; readonly memory?: string; readonly command?: readonly string[]; readonly port?: number }

const container = (name: string, { image, cpu, memory, command, port }: ContainerWish) => ({
  name, image,
  ...(command === undefined ? {} : { command }),
  ...(port === undefined ? {} : { ports: [{ containerPort: port }] }),
  ...(cpu === undefined && memory === undefined ? {} : { resources: { requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) } } }),
});

/** A Deployment of one container, selected by `app: <name>`. */
export const deployment = (name: string, replicas: number, wish: ContainerWish) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [container('app', wish)] } } },
});

/** A bare Pod of one container. */
export const pod = (name: string, wish: ContainerWish) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: { containers: [container('app', wish)] },
});

/** A Service over the Pods with `app: <name>`. */
export const service = (name: string, port = 80) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port, targetPort: port }] } });
