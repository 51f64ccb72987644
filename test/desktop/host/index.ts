/** What `import … from 'electron'` gives in the stand-in host. A member that is not here throws when it is used. */
import { app as realApp } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { closeWindows } from './close-windows.ts';
import { lifecycle } from './lifecycle.ts';
import { ipcMain as realIpcMain } from './ipc-main.ts';
import { Menu, MenuItem } from './menu.ts';
import { nativeImage as realNativeImage } from './native-image.ts';
import { Notification } from './notification.ts';
import { net as realNet, protocol as realProtocol } from './protocol.ts';
import { session as realSession } from './session.ts';
import { strict } from './strict.ts';
import * as system from './system.ts';
import { Tray } from './tray.ts';
import { utilityProcess as realUtilityProcess } from './utility-process.ts';

lifecycle.closeWindows = closeWindows;

export { BrowserWindow, Menu, MenuItem, Notification, Tray };
export const app = strict('app', realApp);
export const ipcMain = strict('ipcMain', realIpcMain);
export const nativeImage = strict('nativeImage', realNativeImage);
export const net = strict('net', realNet);
export const protocol = strict('protocol', realProtocol);
export const session = { defaultSession: strict('session.defaultSession', realSession.defaultSession) };
export const utilityProcess = strict('utilityProcess', realUtilityProcess);
export const clipboard = strict('clipboard', system.clipboard);
export const dialog = strict('dialog', system.dialog);
export const nativeTheme = strict('nativeTheme', system.nativeTheme);
export const powerMonitor = strict('powerMonitor', system.powerMonitor);
export const safeStorage = strict('safeStorage', system.safeStorage);
export const screen = strict('screen', system.screen);
export const shell = strict('shell', system.shell);

/** For modules that take the whole of it; what is of other processes is undefined here, as in Electron. */
export default {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
};
