import { join } from 'node:path';
import { app, Menu, nativeImage, Tray } from 'electron';
import { isAutostarted, setAutostart } from './autostart.ts';
import type { Status } from './messages.ts';
import type { Settings } from './settings.ts';

export interface TrayActions {
  open(hash?: string): void;
  /** Something that the menu shows has changed. */
  redraw(): void;
}

const icon = (name: string): Electron.NativeImage =>
  nativeImage.createFromPath(join(import.meta.dirname, 'icons', `${name}.png`));

export function createTray(actions: TrayActions): Tray {
  const tray = new Tray(icon('tray-off'));
  tray.on('click', () => {
    actions.open();
  });
  return tray;
}

/** On Linux a menu does not change: after each change the whole one is set again. */
export function showInTray(tray: Tray, status: Status, settings: Settings, actions: TrayActions): void {
  const last = status.alerts.at(-1);
  const state = `${status.events} events, ${status.alerts.length} alerts, engine ${status.engine}`;
  tray.setToolTip(state);
  tray.setImage(icon(status.engine === 'stopped' ? 'tray-off' : last === undefined ? 'tray' : 'tray-alert'));
  tray.setContextMenu(
    Menu.buildFromTemplate([
      {
        label: 'Open',
        click: () => {
          actions.open();
        },
      },
      { label: state, enabled: false },
      { type: 'separator' },
      ...(last === undefined
        ? []
        : [
            {
              label: `Last: ${last.user}`,
              click: () => {
                actions.open(`#/alerts/${last.id}`);
              },
            },
          ]),
      {
        label: 'Pause',
        type: 'checkbox',
        checked: settings.paused,
        click: (item) => {
          settings.setPaused(item.checked);
          actions.redraw();
        },
      },
      {
        label: 'Start at login',
        type: 'checkbox',
        checked: isAutostarted(),
        click: (item) => {
          setAutostart(item.checked);
          actions.redraw();
        },
      },
      { type: 'separator' },
      {
        label: 'Quit',
        click: () => {
          app.quit();
        },
      },
    ]),
  );
}
