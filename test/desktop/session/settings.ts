import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pixels of the panel's height; the tray is looked for in this strip at the top of the screen. */
export const panelHeight = 30;

/** The panel's plugins, by number, from left to right; the last but one is the tray. */
export const panelPlugins: readonly number[] = [1, 2, 3, 4];
export const trayPlugin = 3;

const panel = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="size" type="uint" value="${panelHeight}"/>
      <property name="plugin-ids" type="array">
        ${panelPlugins.map((id) => `<value type="int" value="${id}"/>`).join('\n        ')}
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-${trayPlugin}" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
    <property name="plugin-4" type="string" value="clock"/>
  </property>
</channel>
`;

/** No fading and no sliding: a picture taken at any time shows the whole notification. */
const notifyd = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="notify-location" type="uint" value="2"/>
  <property name="expire-timeout" type="int" value="30"/>
  <property name="initial-opacity" type="double" value="1.0"/>
  <property name="do-fadeout" type="bool" value="false"/>
  <property name="do-slideout" type="bool" value="false"/>
</channel>
`;

/** Debian's session bus, but the tests may talk to it also where they run as root and the desktop does not. */
const bus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <include>/usr/share/dbus-1/session.conf</include>
  <policy context="default"><allow user="*"/></policy>
</busconfig>
`;

export const busSettings = (folder: string): string => join(folder, 'session-bus.conf');

/** Writes what dbus-daemon will read at its start. */
export function writeBusSettings(folder: string): void {
  writeFileSync(busSettings(folder), bus);
}

/** Writes what xfconfd will read at its start. */
export function writeSettings(configHome: string): void {
  const folder = join(configHome, 'xfce4', 'xfconf', 'xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'xfce4-panel.xml'), panel);
  writeFileSync(join(folder, 'xfce4-notifyd.xml'), notifyd);
}
