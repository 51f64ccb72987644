import { hasTrayHost } from './session-bus.ts';

export interface TrayHostOptions {
  readonly found: () => void;
  /** None for ten seconds. It is looked for all the same: a panel may be restarted or come late. */
  readonly missing: () => void;
  readonly ask?: () => Promise<boolean>;
}

const LOOK_MS = 500;
const PATIENCE_MS = 10_000;
const LATER_MS = 10_000;

/** Waits for somebody who shows tray icons: at login the panel may start after us. @returns how to stop waiting */
export function whenTrayHost({ found, missing, ask = hasTrayHost }: TrayHostOptions): () => void {
  const began = performance.now();
  let told = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const there = await ask();
    if (stopped) return;
    if (there) {
      found();
      return;
    }
    if (!told && performance.now() - began >= PATIENCE_MS) {
      told = true;
      missing();
    }
    timer = setTimeout(() => void look(), told ? LATER_MS : LOOK_MS);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
