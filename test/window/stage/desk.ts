import type { Page } from 'playwright-core';

import { go, type Desk } from '../journeys/desk.ts';
import type { Example } from './example.ts';

/** A desk with a browser. @param engine what is behind its page */
export const deskOf = (
  page: Page,
  example: Example,
  engine: { readonly log: string; write(lines: readonly string[]): void; kill(): void },
): Desk => ({
  page,
  example,
  log: engine.log,
  write: (lines) => {
    engine.write(lines);
  },
  press: (key) => page.keyboard.press(key),
  async reopen() {
    await go({ page }, '#/');
    await page.reload();
    await page.locator('h1').waitFor();
  },
  killEngine: () => {
    engine.kill();
  },
});
