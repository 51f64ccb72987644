import type { Application } from '../driver/application.ts';

/** Something that has to be so; it throws where it is not. Each starts the application itself, on a clean slate. */
export interface Check {
  readonly name: string;
  run(application: Application): Promise<void>;
}

/** The icons' colours: exact pixels of them are looked for in the panel. */
export const colours = { watching: '#2e7d32', alert: '#c62828' };

/** What the sample finds strange and what not. */
export const lines = {
  ordinary: (user: string): string => `${user}\tls -la`,
  strange: (user: string): string => `${user}\tsomething strange`,
};
