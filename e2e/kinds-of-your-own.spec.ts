import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shirts.stable.example.com
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: shirts, kind: Shirt}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              color: {type: string, enum: [red, blue]}
`;
const shirt = (color: string): string => `apiVersion: stable.example.com/v1\nkind: Shirt\nmetadata:\n  name: mine\nspec:\n  color: ${color}\n`;

test('a kind is defined, used, and guarded by its schema', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply(shirt('red'));
  await expect(cluster.complaints).toContainText('no matches for kind "Shirt" in version "stable.example.com/v1"');
  await cluster.apply(definition);
  await expect(cluster.log).toContainText('customresourcedefinition.apiextensions.k8s.io/shirts.stable.example.com created');
  await expect(cluster.complaints).toHaveCount(0);
  await cluster.apply(shirt('green'));
  await expect(cluster.complaints).toContainText('spec.color: Unsupported value: "green": supported values: "red", "blue"');
  await cluster.apply(shirt('blue'));
  await expect(cluster.log).toContainText('shirt.stable.example.com/mine created');
});
