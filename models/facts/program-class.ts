import { baseOf } from './place.ts';

/** What a program is for, where its name says so. */
export type ProgramClass =
  'shell' | 'interpreter' | 'network-tool' | 'document' | 'browser' | 'terminal' | 'session' | 'daemon';

const programs: Readonly<Record<ProgramClass, string>> = {
  shell: 'sh bash dash zsh ksh mksh fish csh tcsh ash busybox rbash',
  interpreter: 'python perl ruby node nodejs php lua tclsh awk gawk mawk deno bun osascript java',
  'network-tool':
    'curl wget nc ncat netcat socat telnet ssh scp sftp rsync ftp lftp tftp nmap rclone aria2c openssl dig',
  document:
    'soffice soffice.bin oosplash libreoffice evince okular xpdf mupdf zathura atril acroread thunderbird thunderbird-esr evolution wps et wpp',
  browser:
    'firefox firefox-esr firefox-bin chrome google-chrome chromium chromium-browser brave opera vivaldi msedge epiphany falkon konqueror librewolf',
  terminal:
    'xterm xfce4-terminal gnome-terminal gnome-terminal-server konsole alacritty kitty foot tmux screen terminator tilix urxvt wezterm ptyxis kgx',
  session:
    'systemd sshd sshd-session login su sudo doas xfce4-session gnome-session gnome-session-binary gnome-shell plasmashell startplasma-x11 lightdm gdm-session-worker sddm-helper xfce4-panel',
  daemon:
    'cron crond atd nginx apache2 httpd lighttpd mysqld mariadbd postgres redis-server php-fpm cupsd smbd dovecot exim4 postfix master named dnsmasq vsftpd proftpd dockerd containerd tomcat',
};

const classes: ReadonlyMap<string, ProgramClass> = new Map(
  Object.entries(programs).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as ProgramClass])),
);

/** Of "python3.11", "php-fpm8.2" and "-bash" as of "python", "php-fpm" and "bash". @param program its path or name */
export function programClassOf(program: string): ProgramClass | undefined {
  const name = baseOf(program)
    .replace(/^-/, '')
    .replace(/ \(deleted\)$/, '');
  return classes.get(name) ?? classes.get(name.replace(/-?\d[\d.]*$/, ''));
}
