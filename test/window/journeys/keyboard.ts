import { expect } from 'vitest';

import { asking, go, titled, worstAlert, type Desk, type Journey } from './desk.ts';

/** More stops than any screen has. */
const STOPS = 80;

/** Without a mouse. */
export const keyboardJourneys: readonly Journey[] = [
  {
    name: 'opens the window, calls an alert normal after a look at what that hides, and takes it back, by keyboard alone',
    async run(desk) {
      const { id } = await worstAlert(desk);
      await desk.reopen();
      const { page } = desk;
      const { engine } = asking(desk);
      await page.locator('h1:focus').waitFor();
      await tabTo(desk, /^Alerts/, 'Shift+Tab');
      await desk.press('Enter');
      await titled(desk, 'Alerts');
      await openByKeys(desk, id);
      await tabTo(desk, /^This was (?!not)/);
      await desk.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      const { action, offers } = (await engine.alert(id)).offers[0]!;
      const [{ kinds }] = offers as readonly [(typeof offers)[number]];
      const { scope } = await engine.preview({ alert: id, action, kinds: [...kinds] });
      await dialog.locator('input[value="alone"]').focus();
      await desk.press('ArrowDown');
      await dialog.locator(`input[value="${kinds.join(',')}"]:checked`).waitFor();
      await dialog.getByText(/It would (not )?have hidden this alert/).waitFor();
      await tabTo(desk, /^For how long/);
      await desk.press('ArrowUp');
      await tabTo(desk, /^This was (?!not)\S+$/);
      await desk.press('Enter');
      await page.getByText('Marked as normal.').waitFor();
      const { feedback: said } = await engine.alert(id);
      expect(said).toMatchObject([{ verdict: 'normal', scope }]);
      expect(said[0]!.expires! - Date.now() / 1000).toBeLessThan(7.1 * 86_400);
      await tabTo(desk, /^Undo u$/);
      await desk.press('Enter');
      await page.getByText('Undone.').waitFor();
      expect((await engine.alert(id)).feedback).toEqual([]);
      await desk.press('Backspace');
      await titled(desk, 'Alerts');
    },
  },
  {
    name: 'goes through the inbox without a mouse',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/alerts');
      await page.getByRole('heading', { name: /^To answer/ }).waitFor();
      await desk.press('j');
      await page.locator('main li a:focus').waitFor();
      await desk.press('n');
      await page.getByText('Marked as normal for alice.').waitFor();
      await desk.press('u');
      await page.getByText('Undone.').waitFor();
      await desk.press(' ');
      await page.getByText('1 selected').waitFor();
      await desk.press('x');
      await page.getByText('1 alert noted: not the user.').waitFor();
      await desk.press('u');
      await page.getByText('Undone.').waitFor();
      await desk.press('j');
      await desk.press('o');
      await titled(desk, /^Alert \d+$/);
      // The title is there before the alert is.
      await page
        .getByRole('button', { name: /^This was (?!not)/ })
        .first()
        .waitFor();
      await desk.press('n');
      await page.getByRole('dialog').waitFor();
      await desk.press('Tab');
      await desk.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await desk.press('?');
      await titled(desk, 'Help');
    },
  },
  {
    name: 'skips to what the screen is about, and moves a chart by keys',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/timeline/alice');
      await titled(desk, 'Timeline of alice');
      await page.locator('h1:focus').waitFor();
      await tabTo(desk, /^Skip to/, 'Shift+Tab');
      await desk.press('Enter');
      await page.locator('h1:focus').waitFor();
      await tabTo(desk, /kinds of action from/);
      const chart = page.getByLabel(/kinds of action from/);
      const before = await chart.getAttribute('aria-label');
      await desk.press('+');
      await expect.poll(() => chart.getAttribute('aria-label')).not.toBe(before);
      await expect.poll(() => new URL(page.url()).hash).toMatch(/from=\d+&to=\d+/);
    },
  },
  {
    name: 'finds an action of the log by keys, and goes to when it was',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/');
      await page.locator('h1:focus').waitFor();
      await desk.press('/');
      await titled(desk, 'Find an action');
      await page.locator('input:focus').waitFor();
      for (const letter of 'git') await desk.press(letter);
      await desk.press('Enter');
      await page
        .getByText(/actions? found/)
        .first()
        .waitFor();
      const row = page.locator('main tbody tr').first();
      expect(await row.innerText()).toContain('git');
      const address = await row.getByRole('link').first().getAttribute('href');
      // Past the field's own: whom it is about, and the button.
      await tabTo(desk, /\d\d:\d\d/);
      await desk.press('Enter');
      await titled(desk, /^Action \d+$/);
      expect(new URL(page.url()).hash).toBe(address);
      await page.getByRole('link', { name: 'See it in the timeline' }).waitFor();
      await tabTo(desk, /^See it in the timeline$/);
      await desk.press('Enter');
      await titled(desk, /^Timeline of /);
    },
  },
];

/** Chooses an alert of the inbox and opens it. */
async function openByKeys(desk: Desk, id: number): Promise<void> {
  const chosen = desk.page.locator('main li a:focus');
  await desk.page.locator(`main li a[href="#/alerts/${id}"]`).waitFor();
  for (let step = 0; step < STOPS; step++) {
    await desk.press('j');
    await chosen.waitFor();
    if ((await chosen.getAttribute('href')) === `#/alerts/${id}`) break;
  }
  await desk.press('Enter');
  await titled(desk, `Alert ${id}`);
}

/**
 * Goes on by Tab until what has the focus bears this name; each stop on the way has to be seen, and to show that it is there.
 *
 * @throws Error with the names of all stops when none is it
 */
async function tabTo(desk: Desk, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  for (let step = 0; step < STOPS; step++) {
    const stop = await nextStop(desk, key);
    if (!stop.isSeen) throw new Error(`The focus is not to be seen on "${stop.name}".`);
    if (name.test(stop.name)) return;
    stops.push(stop.name);
  }
  throw new Error(`${key} does not come to ${String(name)}, but to ${stops.join(' · ')}`);
}

async function nextStop(desk: Desk, key: string): Promise<{ name: string; isSeen: boolean }> {
  const { page } = desk;
  const before = await page.evaluateHandle(() => document.activeElement);
  await desk.press(key);
  await page.waitForFunction((last) => document.activeElement !== last, before);
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    // From the last stop it goes through the window's own frame to the first.
    if (element === document.body) return { name: '', isSeen: true };
    const label = element.getAttribute('aria-label') ?? element.closest('label')?.textContent;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isThere = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && element.checkVisibility();
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      name: (label ?? element.textContent).replaceAll(/\s+/g, ' ').trim(),
      isSeen: isThere && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    };
  });
}
