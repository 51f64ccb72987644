import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf } from './check-package.ts';

/** As small as an application can be that is whole and safe. */
const application = {
  'package.json': JSON.stringify({
    main: 'main.js',
    productName: 'Small',
    version: '1.0.0',
    desktopName: 'small.desktop',
  }),
  'main.js': 'import { app } from "electron";\nimport "node:fs";\njoin(import.meta.dirname, "icons", "tray.png");',
  'worker.js': 'import "./shared.js";',
  'shared.js': '',
  'preload.cjs': 'require("electron");',
  'page/index.html': '<script type="module" src="./page.js"></script>',
  'page/page.js': '',
  'icons/tray.png': '',
};

describe('the static check of an application folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ubad-package-'));
    for (const [path, text] of Object.entries(application)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const add = (file: string, text: string): void => {
    appendFileSync(join(folder, file), text);
  };

  it('finds no fault in what has none', () => {
    expect(faultsOf(folder)).toEqual([]);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a main module that is not there',
      () => {
        rmSync(join(folder, 'main.js'));
      },
      /^main \(main.js\) is missing$/,
    ],
    [
      'sources',
      () => {
        writeFileSync(join(folder, 'main.ts'), '');
      },
      /^main.ts should not ship$/,
    ],
    [
      'a package that does not ship',
      () => {
        add('worker.js', "\nimport 'left-pad';");
      },
      /the package left-pad does not ship/,
    ],
    [
      'a file that is imported and not there',
      () => {
        add('worker.js', "\nimport './part.js';");
      },
      /part.js is missing/,
    ],
    [
      'an icon that is not there',
      () => {
        add('main.js', '\njoin(import.meta.dirname, "icons", "no.png");');
      },
      /icons\/no.png is missing/,
    ],
    [
      'a window with Node',
      () => {
        add('main.js', '({ nodeIntegration: true });');
      },
      /has Node/,
    ],
    [
      'a wait that hangs',
      () => {
        add('main.js', '\nawait app.whenReady();');
      },
      /Electron hangs/,
    ],
    [
      'a preload script that is a module',
      () => {
        add('preload.cjs', "\nimport 'electron';");
      },
      /has to be CommonJS/,
    ],
    [
      'a preload script that wants Node',
      () => {
        add('preload.cjs', 'require("node:fs");');
      },
      /cannot require node:fs/,
    ],
    [
      'code in the page',
      () => {
        add('page/index.html', '<script>1</script>');
      },
      /code or style in the page/,
    ],
    [
      'something from the network',
      () => {
        add('page/index.html', '<img src="https://a.example/">');
      },
      /from the network/,
    ],
    [
      'a name with a space',
      () => {
        writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: 'main.js', productName: 'A b' }));
      },
      /has a space/,
    ],
  ])('finds %s', (_, spoil, fault) => {
    spoil();
    expect(faultsOf(folder).join('\n')).toMatch(fault);
  });
});
