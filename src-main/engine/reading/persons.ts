type Columns = Readonly<Record<string, string>>;

/** −1 in 32 bits: audit's word for nobody. */
const UNSET = 4_294_967_295;
/** Anything else that JavaScript takes for a number (`1e3`, `0x3e8`, ` 1000`) would make one person several. */
const uidLike = /^(?:0|[1-9]\d{0,9})$/;
/** Debian's and most others' first uid of a person. People of a domain have uids far above the local ones. */
const FIRST_PERSON = 1000;
/** systemd's passing users of services, then `nobody`, and −1 in 16 bits: nobody of them sits at a desk. */
const FIRST_NOBODY = 61_184;
const LAST_NOBODY = 65_535;

export const isUid = (uid: string | undefined): uid is string =>
  uid !== undefined && uidLike.test(uid) && Number(uid) < UNSET;

export function isPerson(uid: string): boolean {
  const number = Number(uid);
  return number >= FIRST_PERSON && (number < FIRST_NOBODY || number > LAST_NOBODY);
}

/** Queries of files: `uid` is the file's owner, whatever other columns they show. */
const ofFiles = /(?:^|[^a-z])(?:file_events|file|hash)$/;

/** Whether the user of a row is the owner of a thing, and not who did something. */
export function isOwnedThing(query: string, columns: Columns): boolean {
  const { pid, path, target_path: target, image } = columns;
  // A container's user is one of the container.
  if (target !== undefined || image !== undefined) return true;
  if (pid !== undefined) return false;
  const isFile = columns.inode !== undefined || columns.mode !== undefined || columns.permissions !== undefined;
  return (path !== undefined && isFile) || ofFiles.test(query);
}

/** What utmp calls a session of a user: by name in `logged_in_users`, by number in `last`. */
const userSession = new Set(['user', '7', 'user-process', 'USER_PROCESS']);

/** Whether a row of utmp or wtmp tells of the machine's start, its runlevel or a terminal that waits for somebody. */
export const isNoSession = ({ tty, type }: Columns): boolean =>
  tty !== undefined && type !== undefined && type !== '' && !userSession.has(type);

/** What stands in utmp's place of a user, and the accounts of services on common distributions. Names of people are not here. */
const ofTheSystem = new Set(
  `root reboot shutdown runlevel boot LOGIN login halt sync daemon bin sys games man lp mail news uucp proxy www-data
   backup list irc gnats nobody nfsnobody operator adm ftp sshd dbus messagebus polkitd avahi avahi-autoipd colord geoclue gdm
   Debian-gdm gdm3 gdm-greeter gnome-initial-setup lightdm sddm kdm xdm lxdm greeter greetd display-manager rtkit pulse
   pipewire saned usbmux tss uuidd syslog tcpdump landscape pollinate chrony ntp nginx apache httpd mysql postgres redis
   mongodb rabbitmq memcache postfix dovecot dovenull exim Debian-exim squid tomcat jenkins docker libvirt-qemu libvirt-dnsmasq
   dnsmasq kernoops speech-dispatcher hplip whoopsie cups-pk-helper fwupd-refresh nm-openvpn sssd zabbix prometheus
   osquery`.split(/\s+/),
);

/** Whether a name without a number is no person's: `(unknown)`, `_apt`, `systemd-network`, `gdm`. */
export const isOfTheSystem = (name: string): boolean =>
  ofTheSystem.has(name) || /^(?:_|systemd-|\(.*\)$|gnome-remote-)/.test(name);
