import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** A line of the log as the page wrote it, at the moment it was first seen. */
export interface Told { readonly text: string; readonly atS: number }

/** Reads the page's clock: `12.007 s`, `6 m 02.500 s`, `1 h 02 m 03.000 s`. */
export function seconds(text: string): number {
  const [, hours = '0', minutes = '0', rest] = /(?:(\d+) h )?(?:(\d+) m )?(\d+\.\d+) s/.exec(text) ?? [];
  if (rest === undefined) throw new Error(`no moment in “${text}”`);
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

const plain = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The page as its user meets it: by the names and roles of what is on it. */
export class ClusterPage {
  readonly page: Page;
  readonly editor: Locator;
  readonly applyButton: Locator;
  readonly log: Locator;
  readonly time: Locator;
  readonly clock: Locator;
  readonly stage: Locator;
  readonly complaints: Locator;
  readonly inspector: Locator;

  constructor(page: Page) {
    this.page = page;
    this.editor = page.getByRole('textbox', { name: /^Manifest in YAML/ });
    this.applyButton = page.getByRole('button', { name: 'Apply', exact: true });
    this.log = page.getByRole('region', { name: 'What is happening' });
    this.time = page.getByRole('contentinfo', { name: 'Time' });
    this.clock = this.time.getByRole('time');
    this.stage = page.getByRole('group', { name: /^Stage/ });
    this.complaints = page.getByRole('alert', { name: 'What the server says' });
    this.inspector = page.getByRole('region', { name: 'Inspector' });
  }

  /** Opens the page and waits for a cluster whose four nodes are Ready. */
  async open(path = './'): Promise<void> {
    await this.page.goto(path);
    await expect(this.page.getByRole('button', { name: /^Node [\w-]+, Ready$/ })).toHaveCount(4);
  }

  /** Keeps every line that the log ever shows: it shows only the newest. Call before `open`. */
  async listen(): Promise<void> {
    await this.page.addInitScript(() => {
      const told = new Map<string, [string, string]>();
      Object.assign(globalThis, { told });
      new MutationObserver(() => {
        for (const line of document.querySelectorAll('section[aria-label="What is happening"] li')) {
          const [text, at] = [line.querySelector('span')?.textContent ?? '', line.querySelector('time')?.textContent ?? ''];
          if (!told.has(`${text} ${at}`)) told.set(`${text} ${at}`, [text, at]);
        }
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
  }

  /** All that the log has told since the page was opened, in the order of its moments. */
  async told(): Promise<Told[]> {
    const lines = await this.page.evaluate(() => [...(globalThis as unknown as { told: Map<string, [string, string]> }).told.values()]);
    return lines.map(([text, at]) => ({ text, atS: seconds(at) })).sort((a, b) => a.atS - b.atS);
  }

  /** One of the header's menus, and what is chosen in it. */
  async menu(name: 'Session' | 'View' | 'Share', item: string | RegExp): Promise<void> {
    await this.button(name).click();
    await this.page.getByRole('menu', { name }).getByRole('menuitem', { name: item }).or(this.page.getByRole('menuitemcheckbox', { name: item })).click();
  }

  button(name: string): Locator { return this.page.getByRole('button', { name, exact: true }); }
  pods(start = ''): Locator { return this.page.getByRole('button', { name: new RegExp(`^Pod ${plain(start)}`) }); }
  /** Pods of which the page says that they run and are ready. */
  readyPods(start = ''): Locator { return this.page.getByRole('button', { name: new RegExp(`^Pod ${plain(start)}[\\w-]*, Running, ready, on `) }); }
  node(name: string): Locator { return this.page.getByRole('button', { name: new RegExp(`^Node ${plain(name)},`) }); }
  component(name: string): Locator { return this.page.getByRole('button', { name: new RegExp(`^${plain(name)},`) }); }
  program(name: string, node: string): Locator { return this.page.getByRole('button', { name: new RegExp(`^${plain(name)} on ${plain(node)},`) }); }
  thing(kind: string, name: string): Locator { return this.page.getByRole('button', { name: new RegExp(`^${kind} ${plain(name)}[:,]`) }); }
  mark(text: string | RegExp): Locator { return this.time.getByRole('button', { name: text instanceof RegExp ? text : new RegExp(`^To ${plain(text)},`) }); }
  /** What can be done to the selected thing. */
  get toolbar(): Locator { return this.page.getByRole('toolbar', { name: /^What can be done to/ }); }
  offer(name: string | RegExp): Locator { return this.toolbar.getByRole('button', { name, exact: true }); }

  async sentences(things: Locator): Promise<string[]> {
    return (await things.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''))).sort();
  }

  async now(): Promise<number> { return seconds(await this.clock.innerText()); }
  get speed(): Locator { return this.time.getByLabel('Speed'); }
  async fast(): Promise<void> { await this.speed.selectOption('8'); }
  async play(): Promise<void> { await this.time.getByRole('button', { name: 'Play', exact: true }).click(); }

  async pause(): Promise<void> {
    await this.button('Pause').click();
    await expect(this.time.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  }

  /** The moment that a mark carries. */
  async momentOf(mark: Locator): Promise<number> { return seconds((await mark.getAttribute('aria-label')) ?? ''); }

  async write(text: string): Promise<void> { await this.editor.fill(text); }

  async apply(text: string): Promise<void> {
    await this.write(text);
    await this.applyButton.click();
  }

  /** Puts a text into the editor at once: typing megabytes takes the browser's own text area half a minute. */
  async drop(text: string): Promise<void> {
    await this.editor.evaluate((area, value) => {
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(area, value);
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }, text);
  }

  /** Selects a thing by a click on its name: its middle may belong to something that lies in it. */
  async choose(thing: Locator): Promise<void> {
    if ((await thing.getAttribute('aria-pressed')) !== 'true') await thing.locator('b').first().click({ timeout: 10_000 });
    await expect(thing).toHaveAttribute('aria-pressed', 'true');
  }

  /** Brings the keyboard's place to a thing: Tab to the stage, then the fewest arrows that lead there. */
  async reach(thing: Locator): Promise<void> {
    await this.stage.focus();
    const target = await thing.getAttribute('data-thing');
    // The way is found by trying all of them on the page, and then gone with real keys.
    const way = await this.stage.evaluate((stage, wanted) => {
      const keys = ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft'];
      const seen = new Set<Element>([stage]);
      let front: { readonly at: HTMLElement; readonly pressed: readonly string[] }[] = [{ at: stage as HTMLElement, pressed: [] }];
      while (front.length > 0) {
        const next: typeof front = [];
        for (const { at, pressed } of front) {
          if (at.dataset['thing'] === wanted) { (stage as HTMLElement).focus(); return pressed; }
          for (const key of keys) {
            at.focus({ preventScroll: true });
            at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
            const there = document.activeElement as HTMLElement;
            if (!seen.has(there)) { seen.add(there); next.push({ at: there, pressed: [...pressed, key] }); }
          }
        }
        front = next;
      }
      return null;
    }, target);
    expect(way, `arrow keys that lead to ${String(target)}`).not.toBeNull();
    for (const key of way!) await this.page.keyboard.press(key);
    await expect(thing).toBeFocused();
  }

  /** The picture at this moment: what every thing says of itself, the sentences of the log, and the messages as they are drawn. */
  async picture(): Promise<{ readonly at: string; readonly things: string[]; readonly log: string[]; readonly messages: string }> {
    const things = this.stage.getByRole('button', { name: /^(Pod|Node|Deployment|ReplicaSet|Service) |^kube-|^etcd|^kubelet|^containerd/ });
    return {
      at: await this.clock.innerText(),
      things: await this.sentences(things),
      log: (await this.log.getByRole('listitem').allInnerTexts()).slice(-12),
      messages: await this.stage.locator('canvas').evaluate((canvas) => new Promise<string>((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => done((canvas as HTMLCanvasElement).toDataURL())));
      })),
    };
  }
}
