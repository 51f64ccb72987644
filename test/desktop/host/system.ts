import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';

/** What Chromium runs on Linux to open something with another program. */
function openWithSystem(what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const opener = spawn('xdg-open', [what], { stdio: 'ignore', detached: true });
    opener.on('error', reject);
    opener.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Failed to open: ${what}`));
    });
  });
}

export const shell = {
  openExternal: (url: string): Promise<void> => openWithSystem(url),
  openPath: (path: string): Promise<string> =>
    openWithSystem(path).then(
      () => '',
      (error: unknown) => String(error),
    ),
  showItemInFolder: (path: string): void => void openWithSystem(path.replace(/[^/]*$/, '')),
  beep: (): void => undefined,
};

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}

export const nativeTheme = new NativeTheme();

/** Never tells of anything: the machine that tests does not go to sleep. */
class PowerMonitor extends EventEmitter {
  getSystemIdleState(): string {
    return 'active';
  }

  getSystemIdleTime(): number {
    return 0;
  }

  isOnBatteryPower(): boolean {
    return false;
  }
}

export const powerMonitor = new PowerMonitor();

const display = {
  id: 1,
  scaleFactor: 1,
  size: { width: 1280, height: 800 },
  bounds: { x: 0, y: 0, width: 1280, height: 800 },
  workArea: { x: 0, y: 30, width: 1280, height: 770 },
  workAreaSize: { width: 1280, height: 770 },
};

class Screen extends EventEmitter {
  getPrimaryDisplay(): typeof display {
    return display;
  }

  getAllDisplays(): (typeof display)[] {
    return [display];
  }

  getCursorScreenPoint(): { x: number; y: number } {
    return { x: 0, y: 0 };
  }
}

export const screen = new Screen();

/** As on a desktop without a keyring. */
export const safeStorage = {
  isEncryptionAvailable: (): boolean => true,
  getSelectedStorageBackend: (): string => 'basic_text',
  encryptString: (text: string): Buffer => Buffer.from(`v10${Buffer.from(text).toString('base64')}`),
  decryptString: (bytes: Buffer): string => Buffer.from(String(bytes).slice(3), 'base64').toString(),
};

let clip = '';
export const clipboard = {
  writeText: (text: string): void => void (clip = text),
  readText: (): string => clip,
};

/** A real dialog would stand there until somebody clicks: answers come from UBAD_DESKTOP_DIALOGS, a JSON list, in order. */
const answers = JSON.parse(process.env.UBAD_DESKTOP_DIALOGS ?? '[]') as unknown[];

function nextAnswer(of: string): Promise<unknown> {
  const answer = answers.shift();
  return answer === undefined
    ? Promise.reject(new Error(`electron stand-in: nobody said what to answer to dialog.${of} (UBAD_DESKTOP_DIALOGS)`))
    : Promise.resolve(answer);
}

export const dialog = {
  showMessageBox: (): Promise<unknown> => nextAnswer('showMessageBox'),
  showOpenDialog: (): Promise<unknown> => nextAnswer('showOpenDialog'),
  showSaveDialog: (): Promise<unknown> => nextAnswer('showSaveDialog'),
  showErrorBox: (title: string, content: string): void => {
    console.error(`[error box] ${title}: ${content}`);
  },
};
