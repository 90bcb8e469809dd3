/** A Deployment of nginx, with as much cpu for each Pod as one likes. */
export const nginxDeployment = (name: string, replicas: number, { image = 'nginx:1.27', cpu = '250m' } = {}): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: nginx
        image: ${image}
        resources:
          requests: {cpu: ${cpu}, memory: 128Mi}
`;

export const serviceFor = (name: string): string => `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports: [{port: 80}]
`;

export const pod = (name: string, container: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
  - name: ${name}
${container.replace(/^/gm, '    ')}
`;
