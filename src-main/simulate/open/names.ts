import { Draw } from '../draw.ts';

/** Programs that many people take up at some time, the likeliest first. */
const known = `
  rg jq fd bat fzf htop tmux tree ncdu httpie podman just uv delta exa eza zoxide starship tldr hyperfine tokei dust procs
  btop lazygit gh glab direnv pipx poetry black ruff mypy pytest tox pre-commit cmake ninja meson valgrind strace ltrace perf
  gdbserver clang-format clang-tidy shellcheck shfmt hadolint yq xmllint pandoc asciidoctor hugo jekyll mkdocs graphviz dot
  gnuplot ffprobe yt-dlp sox imagemagick exiftool optipng pngquant qpdf pdftk pdftotext ocrmypdf tesseract sqlite3 psql mysql
  redis-cli mongosh influx kubectl helm k9s minikube terraform packer vagrant aws gcloud az rclone restic borg duplicity
  syncthing mosh autossh sshfs iperf3 mtr traceroute nmap tcpdump tshark socat netcat whois dog aria2c wget2 lynx w3m
  neomutt newsboat weechat irssi mpv cmus mpd ncmpcpp khal taskwarrior timew ledger hledger units qalc parallel pv
  entr watchexec inotifywait rename mmv fdupes rmlint trash-put stow chezmoi asdf mise nvm pyenv rbenv sdkman julia octave
  ghc stack cabal elixir iex lua luarocks perlbrew cpanm composer php ruby bundle rails swiftc kotlinc scala sbt gradle mvn
`
  .trim()
  .split(/\s+/);

/** Programs of a menu that many people try at some time, the likeliest first. */
const inMenus = `
  ristretto xfce4-screenshooter xfce4-taskmanager galculator catfish atril xarchiver file-roller gnome-disks gparted vlc mpv
  audacity obs shotwell digikam krita scribus simple-scan pavucontrol blueman-manager transmission-gtk filezilla remmina
  keepassxc keepass2 meld geany ghex gucharmap font-viewer baobab bleachbit timeshift synaptic gnome-software hexchat pidgin
  signal-desktop telegram-desktop steam lutris chromium epiphany calibre zeal dia gnucash homebank virt-manager wireshark
`
  .trim()
  .split(/\s+/);

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const onsets = [
  ...Array.from('bcdfgklmnprstvwz'),
  'br',
  'ch',
  'cl',
  'dr',
  'fl',
  'gr',
  'pl',
  'qu',
  'sc',
  'sh',
  'st',
  'tr',
];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'oo', 'y'];
const ends = ['', '', '', 'ctl', '-cli', 'fmt', 'd', 'x', '2', '3', '-tool', 'r', 'n'];

/** The programs that anybody may take up: the names never come to an end. */
const PROGRAMS = 1_000_000;

/** A program's name, drawn by Zipf's law from a number so large that most are nobody else's. The same rank is the same name. */
export function toolName(draw: Draw): string {
  const rank = draw.rank(PROGRAMS);
  return known[rank] ?? spelled(Draw.of(rank, 'spelled'));
}

/** A program with a window, likewise. */
export function windowedName(draw: Draw): string {
  const rank = draw.rank(PROGRAMS);
  return inMenus[rank] ?? spelled(Draw.of(rank, 'windowed'));
}

/** Something that somebody made up: a project, a script, a package. */
export const spelled = (draw: Draw): string =>
  Array.from({ length: draw.whole(1, 2) }, () => draw.pick(onsets) + draw.pick(vowels)).join('') +
  draw.pick(onsets) +
  draw.pick(ends);

/** As releases are numbered. */
export const version = (draw: Draw): string =>
  [draw.rank(40), draw.rank(30), ...(draw.chance(0.7) ? [draw.rank(20)] : [])].join('.');

/** What mkstemp and the like put in for X. */
export const randomPart = (draw: Draw, length: number): string =>
  Array.from({ length }, () => letters[draw.whole(0, letters.length - 1)]!).join('');

/** What hashes are cut to. */
export const hexPart = (draw: Draw, length: number): string =>
  Array.from({ length }, () => draw.whole(0, 15).toString(16)).join('');
