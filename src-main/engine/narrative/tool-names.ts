/** What programs of the system are for, by name. Each group says whose word it is; none of them is a list of what was met in a log. */

/**
 * Where a technique of MITRE ATT&CK names the program as what is used for that: in the text of the technique, in its examples of
 * procedures, or in what it says of its detection on Linux. The number of each is in contract/story/tactics.ts.
 */
export const ofAttack: Readonly<Record<string, string>> = {
  // T1046
  scan: 'nmap masscan',
  // T1040
  sniff: 'tcpdump tshark',
  // T1110
  guess: 'hydra hashcat',
  // T1496.001
  mine: 'xmrig',
  // T1016, T1049
  network: 'ifconfig ip arp route netstat ss lsof',
  // T1018
  reach: 'ping',
  // T1033, T1087.001
  people: 'whoami w who id groups',
  // T1082
  system: 'uname',
  // T1057
  processes: 'ps',
  // T1560.001
  archive: 'tar zip 7z rar',
  // T1105
  transfer: 'scp rsync curl wget sftp ftp tftp',
  // T1222.002
  rights: 'chmod chown chattr',
  // T1070.004
  erase: 'rm unlink',
  // T1562.004
  firewall: 'iptables ufw',
  // T1136.001
  accounts: 'useradd adduser',
  // T1053
  schedule: 'crontab at',
  // T1543.002
  services: 'systemctl',
  // T1547.006
  kernel: 'insmod modprobe',
  // T1610
  container: 'docker',
  // T1548.003
  root: 'sudo',
  // T1021.004
  remote: 'ssh',
};

/** By what describes all programs of a kind: chapters of a manual, a section of Debian, a category of freedesktop's menus. */
export const ofManuals: readonly (readonly [tool: string, names: string])[] = [
  // GNU Coreutils manual: Output of entire files, Output of parts of files; less(1), zcat(1), bat(1)
  ['show', 'cat tac head tail less more most zcat zless xzcat bzcat bat batcat'],
  // Coreutils: od; xxd(1), hexdump(1), strings(1)
  ['bytes', 'od xxd hexdump hd strings'],
  // Coreutils: base32, base64, basenc; uuencode(1), recode(1), iconv(1)
  ['encode', 'base32 base64 basenc uuencode uudecode recode iconv'],
  // Coreutils: Summarizing files, Operating on sorted files, on fields, on characters, Formatting; sed(1), column(1), jq(1)
  [
    'text',
    'nl fmt numfmt pr fold wc sort shuf uniq comm ptx tsort cut paste join tr expand unexpand split csplit sed column colrm col colcrt rev jq yq rename.ul',
  ],
  ['sums', 'sum cksum b2sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum'],
  // Coreutils: Directory listing; tree(1), eza(1)
  ['list', 'ls dir vdir tree exa eza lsd stat file'],
  // Coreutils: Basic operations
  ['copy', 'cp dd install cpio pv ddrescue'],
  ['move', 'mv rename'],
  ['wipe', 'shred wipe srm'],
  // Coreutils: Special file types, Changing file attributes, truncate
  ['folder', 'mkdir rmdir mkfifo mknod mktemp ln link symlink touch truncate fallocate'],
  ['rights', 'chgrp setfacl chacl setcap umask setfattr'],
  // getfacl(1), getcap(8), lsattr(1), getfattr(1)
  ['allowed', 'getfacl getcap lsattr getfattr'],
  // Coreutils: File space usage, Synchronize cached writes; programs for disks of util-linux; udisksctl(1), smartctl(8)
  ['space', 'df du ncdu duf'],
  ['drives', 'lsblk blkid findmnt smartctl'],
  ['flush', 'sync'],
  ['disks', 'fdisk sfdisk parted gdisk mount umount losetup udisksctl eject mkfs cryptsetup fsck'],
  // Coreutils: User information; last(1), getent(1), finger(1)
  ['people', 'logname users last lastb lastlog finger getent pinky'],
  // Coreutils: System context; lscpu(1), free(1), hostnamectl(1), lspci(8), lsusb(8), dmidecode(8), sysctl(8)
  [
    'system',
    'arch nproc hostname hostid uptime lscpu lsmem lsmod free vmstat hostnamectl lspci lsusb lshw dmidecode sysctl getconf env printenv locale neofetch inxi',
  ],
  // procps(1) and psmisc(1): what lists and what ends processes
  ['processes', 'top htop btop atop pgrep pidof pstree pidstat lsns fuser'],
  ['stop', 'kill killall pkill xkill'],
  // Coreutils: Modified command invocation; findutils: xargs; util-linux: setsid; procps: watch
  ['starts', 'nohup timeout nice ionice setsid chroot stdbuf xargs parallel watch systemd-run screen tmux script'],
  // GNU Findutils manual; fd(1), which(1)
  ['find', 'find locate plocate mlocate fd fdfind which whereis'],
  // GNU Grep manual; rg(1), ag(1)
  ['search', 'grep egrep fgrep zgrep zipgrep rgrep rg ag ack pcregrep'],
  // GNU Diffutils manual; patch(1)
  ['compare', 'diff cmp diff3 sdiff colordiff patch'],
  // Debian: section utils, debtags use::compressing
  [
    'archive',
    'gzip gunzip bzip2 bunzip2 xz unxz zstd zstdmt lz4 unzip unrar 7za 7zr 7zz ar jar mksquashfs unsquashfs file-roller xarchiver ark borg restic',
  ],
  // Debian: section net, debtags use::transmission and use::downloading
  ['transfer', 'rclone aria2c lftp ncftp axel smbclient croc magic-wormhole wormhole'],
  // Debian: section net, debtags use::login
  ['remote', 'mosh autossh sshpass telnet rlogin rsh slogin xfreerdp remmina vncviewer'],
  // iproute2, NetworkManager, bind9-dnsutils, traceroute
  ['network', 'nmcli ethtool iw iwconfig resolvectl bridge lnstat nstat tc'],
  ['names', 'dig host nslookup whois drill'],
  ['reach', 'ping6 fping traceroute tracepath mtr arping'],
  ['sniff', 'wireshark dumpcap ngrep'],
  ['scan', 'arp-scan zmap zenmap fping'],
  ['guess', 'john medusa ncrack'],
  ['firewall', 'ip6tables nft firewall-cmd iptables-save iptables-restore'],
  // cgminer(1), bfgminer(1), minerd(1)
  ['mine', 'cgminer bfgminer minerd cpuminer'],
  // shadow-utils: its programs of section 8; passwd(1)
  ['accounts', 'usermod userdel groupadd groupmod groupdel gpasswd deluser addgroup delgroup newusers vipw'],
  ['password', 'passwd chpasswd chage chsh chfn'],
  // cron(8), at(1), anacron(8)
  ['schedule', 'cron crond anacron atd batch'],
  ['services', 'service initctl update-rc.d systemd'],
  ['kernel', 'rmmod depmod kmod dkms'],
  ['root', 'su doas pkexec runuser'],
  ['keys', 'gpg gpg2 gpgsm ssh-keygen ssh-add ssh-copy-id openssl age keytool certutil secret-tool'],
  // Debian: section editors
  [
    'edit',
    'vi vim vim.basic vim.tiny nvim nano emacs ed ex pico micro joe mcedit gedit mousepad kate kwrite code codium sublime_text notepadqq geany',
  ],
  // Debian: section devel
  [
    'build',
    'make gmake cmake ninja meson gcc cc c89 c99 g++ c++ cpp cc1 cc1plus collect2 clang clang++ ld gold as rustc cargo go javac mvn gradle ant bazel sbt nasm strip objcopy autoconf automake libtool configure',
  ],
  ['sources', 'git hg svn cvs bzr fossil git-remote-https lazygit tig gh glab delta'],
  ['debug', 'gdb strace ltrace perf valgrind bpftrace objdump readelf nm'],
  // Debian: section admin, debtags admin::package-management; installers of languages
  [
    'packages',
    'apt apt-get aptitude dpkg dnf yum rpm zypper pacman snap flatpak pip pip3 pipx npm npx yarn pnpm gem cpan conda',
  ],
  // Debian: section database
  ['database', 'psql mysql mariadb sqlite3 redis-cli mongo mongosh pg_dump mysqldump'],
  ['log', 'journalctl dmesg logger logrotate lnav'],
  // Debian: section text, package busybox: many programs in one
  ['many', 'busybox toybox'],
  // Debian: section admin, sections 8 of ansible(1), salt(1), puppet(8)
  ['others', 'ansible ansible-playbook salt puppet chef-client fab'],
  // freedesktop, Desktop Menu Specification: Office, WebBrowser, Email, FileManager, TerminalEmulator, Viewer, Graphics and AudioVideo
  ['office', 'soffice.bin soffice libreoffice oosplash lowriter localc loimpress abiword gnumeric'],
  [
    'browser',
    'firefox firefox-esr firefox-bin chromium chrome google-chrome brave opera vivaldi epiphany falkon midori lynx w3m links elinks',
  ],
  ['mail', 'thunderbird thunderbird-bin evolution geary claws-mail mutt neomutt kmail mail sendmail msmtp swaks'],
  ['files', 'thunar Thunar nautilus nemo caja pcmanfm dolphin krusader mc ranger nnn'],
  [
    'window',
    'xfce4-terminal gnome-terminal gnome-terminal- konsole x-terminal-emulator xterm urxvt terminator alacritty kitty foot tilix lxterminal qterminal',
  ],
  ['view', 'evince atril okular xpdf zathura xreader eog ristretto gwenview feh'],
  [
    'media',
    'gimp inkscape blender darktable convert magick mogrify ffmpeg vlc mpv totem parole rhythmbox audacity sox darktable-cli obs krita exiftool',
  ],
];
