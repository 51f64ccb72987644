/** The stand-in for Electron is strict where Electron is silent. */
import { expect, it } from 'vitest';
import { strict } from './host/strict.ts';

class App {
  #name = 'ubad';
  getName(): string {
    return this.#name;
  }
}

it('throws for a member that it does not have, and works for those that it has', () => {
  const app = strict('app', new App()) as App & { setBadgeCount(count: number): void };
  expect(app.getName()).toBe('ubad');
  expect(() => {
    app.setBadgeCount(1);
  }).toThrow('app.setBadgeCount is not among');
});

it('may be waited for', async () => {
  expect(await Promise.resolve(strict('app', new App()))).toBeInstanceOf(App);
});
