/** What `app` and the parts of the host have to do with each other, kept apart so that no file imports in a circle. */
interface Boot {
  /** The folder that was named on the command line. */
  readonly appPath: string;
  readonly manifest: Manifest;
  /** Node, which plays Electron's part: `process.execPath` is the program's own binary where it is packed. */
  readonly node: string;
  /** Chromium's switches from before the folder, and those of `commandLine.appendSwitch`. */
  readonly switches: string[];
}

export interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

export const lifecycle = {
  boot: { appPath: '', manifest: {}, node: process.execPath, switches: [] } as Boot,
  ready: false,
  quitting: false,
  /** Closes every window; false when one of them said no. */
  closeWindows: (): Promise<boolean> => Promise.resolve(true),
  /** Done at the very end, all at once. */
  atExit: [] as (() => unknown)[],
};

/** Electron throws the same when something is used too early. */
export function demandReady(what: string): void {
  if (!lifecycle.ready) throw new Error(`Cannot create ${what} before app is ready`);
}
