import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

const web = deployment('web', 1);
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

const bomb = `apiVersion: v1
kind: ConfigMap
metadata: {name: lol}
a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]
${'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]!}`).join(', ')}]`).join('\n')}
`;

const configMap = (bytes: number): string => {
  const lines = Array.from({ length: Math.ceil(bytes / 1000) }, (_, index) => `  key-${index}: ${'x'.repeat(985)}`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: huge\ndata:\n${lines.join('\n')}\n`;
};

interface Case { readonly name: string; readonly text: string; readonly says: RegExp; readonly line?: number }

const cases: readonly Case[] = [
  { name: 'an unknown kind', text: web.replace('kind: Deployment', 'kind: Deploymint'), says: /no matches for kind "Deploymint" in version "apps\/v1"/, line: 1 },
  { name: 'a misspelt field', text: web.replace('replicas:', 'replcas:'), says: /unknown field "spec\.replcas"/, line: 6 },
  { name: 'a wrong type', text: web.replace('replicas: 1', 'replicas: many'), says: /cannot unmarshal string into Go struct field/, line: 6 },
  { name: 'capitals in a name', text: web.replace('name: web\nspec', 'name: Web\nspec'), says: /a lowercase RFC 1123 subdomain must consist of/, line: 4 },
  { name: 'a selector that does not match the template', text: web.replace('labels: {app: web}', 'labels: {app: other}'), says: /`selector` does not match template `labels`/, line: lineOf(web, 'labels: {') },
  { name: 'broken YAML', text: `${web}  nonsense: [1, 2\n`, says: /error parsing web\.yaml/, line: web.trimEnd().split('\n').length + 1 },
  { name: 'an alias bomb', text: bomb, says: /alias|excessive/i },
  { name: 'binary rubbish', text: 'PK\u0003\u0004\u0014\u0000\u0008\u0008\u0000\ufffd\ufffd!\u0001\u0002\u007fELF\u0000\ufffd', says: /control characters are not allowed|error parsing/, line: 1 },
];

/** Nothing was applied, the clock runs, and what is right is accepted. */
async function expectUnharmed(cluster: ClusterPage): Promise<void> {
  await expect(cluster.thing('Deployment', 'web')).toHaveCount(0);
  await expect(cluster.pods()).toHaveCount(0);
  const at = await cluster.now();
  await expect.poll(() => cluster.now()).toBeGreaterThan(at);
  await cluster.apply(web);
  await expect(cluster.complaints).toHaveCount(0);
  await expect(cluster.readyPods('web-')).toHaveCount(1);
}

async function opened(page: Page): Promise<ClusterPage> {
  const cluster = new ClusterPage(page);
  await cluster.listen();
  await cluster.open();
  await cluster.fast();
  return cluster;
}

for (const { name, text, says, line } of cases) {
  test(`${name}: the error at its line, nothing applied, and the page lives on`, async ({ page }) => {
    const cluster = await opened(page);
    await cluster.apply(text);
    await expect(cluster.complaints).toContainText(says);
    await expect(cluster.editor).toHaveAttribute('aria-invalid', 'true');
    await expect(cluster.editor).toHaveValue(text.replaceAll('\r', '\n'));
    if (line !== undefined) {
      await expect(cluster.complaints.getByRole('button').first()).toHaveText(`line ${line}`);
      await cluster.complaints.getByRole('button').first().click();
      // The button leads to the line: it is what is selected.
      const selected = await cluster.editor.evaluate((area: HTMLTextAreaElement) => area.value.slice(0, area.selectionStart).split('\n').length);
      expect(selected).toBe(line);
    }
    await expectUnharmed(cluster);
  });
}

test('an empty text cannot be applied', async ({ page }) => {
  const cluster = await opened(page);
  for (const text of ['', '  \n\n']) {
    await cluster.write(text);
    await expect(cluster.applyButton).toBeDisabled();
    await cluster.editor.press('Control+Enter');
    await expect(cluster.mark(/^To apply /)).toHaveCount(0);
  }
  await cluster.apply('# only a comment\n');
  await expect(cluster.complaints).toContainText('no objects passed to apply');
  await expectUnharmed(cluster);
});

for (const [megabytes, says] of [[2, /Too long: may not be more than 1048576 bytes/], [3.5, /Request entity too large: limit is 3145728|Too long: may not be more than 1048576 bytes/]] as const) {
  test(`a paste of ${megabytes} MB: refused like the server refuses it, and the page lives on`, async ({ page }) => {
    const cluster = await opened(page);
    await cluster.drop(configMap(megabytes * 1_000_000));
    await cluster.applyButton.click();
    await expect(cluster.complaints).toContainText(says);
    await expectUnharmed(cluster);
  });
}
