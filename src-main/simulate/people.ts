import { chainOf, type Chain } from './chain.ts';

/** One kind of work, as somebody does it. */
export interface Task {
  /** How often it is taken up. */
  readonly weight: number;
  /** Median minutes of it at a stretch. */
  readonly minutes: number;
  /** What is done next in it, by weight: type a command, look at pages, open a program, open a document. */
  readonly mix: Readonly<Partial<Record<'command' | 'page' | 'program' | 'document', number>>>;
  readonly chain?: Chain;
  readonly programs?: Readonly<Record<string, number>>;
}

export type Occupation = 'developer' | 'clerk' | 'administrator' | 'designer' | 'student';

export interface Person {
  readonly name: string;
  readonly role: Occupation;
  readonly uid: number;
  readonly host: string;
  /** Local hours (the log's clock is UTC, and so is theirs). */
  readonly arrives: number;
  readonly leaves: number;
  /** Deviation of both, in hours. */
  readonly loose: number;
  /** Chance of working, Monday first. */
  readonly week: readonly number[];
  /** Seconds between two things done, median. */
  readonly pace: number;
  /** Index of their favourites among the sites. */
  readonly taste: number;
  readonly startsWith: readonly string[];
  readonly tasks: Readonly<Record<string, Task>>;
  /** Groups that lead to root. */
  readonly groups: readonly string[];
}

const office = [1, 1, 1, 1, 1, 0.04, 0.04];

const develop = chainOf(`
  cd: ls 4 git 5 vim 3 make 1
  ls: cd 3 vim 4 cat 2 git 2 less 1
  git: git 6 vim 3 make 3 ls 1 cd 1
  vim: make 5 git 4 vim 1 grep 2 npm 1
  make: vim 4 gdb 1 git 3 make 2 less 1
  gdb: vim 3 make 1
  grep: vim 4 grep 2 less 1 find 1
  cat: vim 2 ls 1 cd 1
  less: ls 1 vim 1
  npm: git 2 vim 2 npm 1 node 1
  node: vim 2 git 1
  find: vim 1 grep 1 rm 1
  rm: ls 1 git 1
  docker: docker 3 cd 1 vim 1
  ssh: exit 1 scp 1
  scp: ls 1 cd 1
  exit: cd 1
  man: vim 1 ls 1`);

const administer = chainOf(`
  ssh: sudo 3 tail 2 exit 2 journalctl 2
  sudo: systemctl 3 tail 2 sudo 3 journalctl 2 exit 1
  systemctl: journalctl 3 systemctl 2 exit 1
  journalctl: vim 2 sudo 2 exit 1 grep 2
  tail: grep 2 sudo 2 exit 1
  grep: vim 1 less 1 tail 1
  vim: ansible-playbook 3 git 3 sudo 1
  ansible-playbook: ssh 3 vim 2 git 2 ansible-playbook 1
  git: git 3 vim 2 ansible-playbook 1
  exit: ssh 4 cd 1
  cd: ls 2 vim 2 git 1
  ls: vim 1 cd 1 less 1
  df: du 1 sudo 1
  du: rm 1 ls 1
  htop: ps 1 sudo 1
  ps: htop 1 sudo 2
  ping: ip 1 ssh 2
  ip: ss 1 ping 1
  ss: sudo 1
  less: ls 1
  rm: df 1`);

const research = chainOf(`
  cd: ls 4 python3 2 sbatch 1
  ls: cd 2 head 2 python3 2 latexmk 1
  head: python3 2 wc 2 R 1
  wc: head 1 python3 1
  python3: python3 4 ls 2 vim 2 sbatch 1
  vim: python3 3 latexmk 3 git 1
  latexmk: vim 3 latexmk 2 evince 1
  evince: vim 1
  sbatch: squeue 4 sbatch 2
  squeue: squeue 3 tail 2 ls 1
  tail: squeue 1 less 1 python3 1
  R: R 1 ls 1 vim 1
  git: git 3 vim 1
  rsync: ls 1 du 1
  du: rsync 1 ls 1
  jupyter-lab: ls 1
  less: ls 1
  ssh: squeue 3 ls 1`);

const occasional = chainOf(`
  ls: cd 2 cp 1 cat 1
  cd: ls 3 mv 1
  cp: ls 1
  mv: ls 1
  cat: ls 1
  python3: python3 1 ls 1
  unzip: ls 1`);

const convert = chainOf(`
  cd: ls 2 convert 1
  ls: convert 2 cd 1 ffmpeg 1
  convert: convert 3 ls 1
  ffmpeg: ls 1 ffmpeg 1
  cp: ls 1
  exiftool: ls 1`);

const surf = { weight: 2, minutes: 12, mix: { page: 9, document: 1 } } satisfies Task;

export const people: readonly Person[] = [
  {
    name: 'alice',
    role: 'developer',
    uid: 1000,
    host: 'desk-1',
    arrives: 8.5,
    leaves: 17.2,
    loose: 0.4,
    taste: 17,
    week: office,
    pace: 22,
    groups: ['sudo', 'docker'],
    startsWith: ['firefox-esr', 'xfce4-terminal', 'code', 'element-desktop'],
    tasks: {
      write: { weight: 6, minutes: 45, mix: { command: 8, page: 2, document: 1 }, chain: develop },
      review: { weight: 3, minutes: 20, mix: { command: 2, page: 6 }, chain: develop },
      meet: { weight: 0.5, minutes: 30, mix: { page: 2, document: 1 }, programs: { zoom: 1 } },
      surf,
    },
  },
  {
    name: 'bob',
    role: 'clerk',
    uid: 1000,
    host: 'desk-2',
    arrives: 9.4,
    leaves: 18,
    loose: 0.3,
    taste: 120,
    week: office,
    pace: 35,
    groups: [],
    startsWith: ['thunderbird', 'firefox-esr'],
    tasks: {
      mail: {
        weight: 4,
        minutes: 20,
        mix: { page: 3, document: 4, program: 1 },
        programs: { evince: 2, 'soffice.bin': 1 },
      },
      letters: {
        weight: 4,
        minutes: 40,
        mix: { document: 6, page: 2, program: 1 },
        programs: { 'soffice.bin': 3, evince: 2, thunar: 1 },
      },
      figures: {
        weight: 1.5,
        minutes: 25,
        mix: { command: 1, document: 3, program: 1 },
        chain: occasional,
        programs: { 'soffice.bin': 2 },
      },
      surf,
    },
  },
  {
    name: 'carol',
    role: 'administrator',
    uid: 1001,
    host: 'desk-1',
    arrives: 10,
    leaves: 19.5,
    loose: 0.9,
    taste: 230,
    week: [1, 1, 1, 1, 1, 0.25, 0.15],
    pace: 18,
    groups: ['sudo', 'adm', 'docker'],
    startsWith: ['xfce4-terminal', 'firefox-esr', 'element-desktop'],
    tasks: {
      servers: { weight: 6, minutes: 35, mix: { command: 9, page: 1 }, chain: administer },
      tickets: { weight: 3, minutes: 20, mix: { page: 6, command: 2 }, chain: administer },
      surf: { ...surf, weight: 1 },
    },
  },
  {
    name: 'dave',
    role: 'designer',
    uid: 1001,
    host: 'desk-2',
    arrives: 11,
    leaves: 19,
    loose: 0.6,
    taste: 310,
    week: [1, 1, 1, 1, 0.8, 0.15, 0.05],
    pace: 40,
    groups: [],
    startsWith: ['firefox-esr', 'rhythmbox'],
    tasks: {
      draw: {
        weight: 5,
        minutes: 60,
        mix: { document: 4, program: 1, page: 3 },
        programs: { gimp: 3, inkscape: 3, blender: 1, thunar: 2 },
      },
      photos: {
        weight: 2,
        minutes: 40,
        mix: { command: 2, document: 3, program: 2 },
        chain: convert,
        programs: { 'darktable-cli': 3, thunar: 1 },
      },
      surf: { ...surf, weight: 3 },
    },
  },
  {
    name: 'erin',
    role: 'student',
    uid: 1000,
    host: 'lab-1',
    arrives: 13,
    leaves: 22,
    loose: 1.5,
    taste: 65,
    week: [0.9, 0.9, 0.7, 0.9, 0.6, 0.4, 0.5],
    pace: 26,
    groups: [],
    startsWith: ['firefox-esr', 'xfce4-terminal'],
    tasks: {
      analyse: {
        weight: 5,
        minutes: 50,
        mix: { command: 7, page: 2, program: 0.3 },
        chain: research,
        programs: { rstudio: 1, evince: 2 },
      },
      write: {
        weight: 2,
        minutes: 60,
        mix: { command: 3, document: 3, page: 2 },
        chain: research,
        programs: { evince: 1 },
      },
      surf: { ...surf, weight: 3 },
    },
  },
];
