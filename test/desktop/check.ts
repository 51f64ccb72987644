import type { Application } from './driver/application.ts';

/** Something that has to be so; it throws where it is not. Each starts the application itself, on a clean slate. */
export interface Check {
  readonly name: string;
  run(application: Application): Promise<void>;
}
