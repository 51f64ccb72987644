import type { Step } from '../../contract/answer.ts';
import { ownerOf, valueAt } from '../narrative/act.ts';
import type { StepAct } from './step-act.ts';
import { commandOf } from './shell.ts';

export type Done = Omit<Step, 'done'>;

/** Without the lines that end with a blank and the comment; the file keeps its owner and rights. */
const WITHOUT_KEY =
  'cp -p {0} {0}.before && C={1} awk \'substr($0, length($0) - length(ENVIRON["C"])) != " " ENVIRON["C"]\' {0}.before >{0}';
/** Without the lines that begin with the schedule and the job, however many blanks are between them. */
const JOB = '\'{ l = $0; $1 = $1 } index($0 " ", ENVIRON["J"] " ") != 1 { print l }\'';
const OWN_CRON = `crontab -l >~/crontab.before && J={0} awk ${JOB} ~/crontab.before | crontab -`;
const USERS_CRON = `sudo crontab -u {1} -l >~/crontab.before && J={0} awk ${JOB} ~/crontab.before | sudo crontab -u {1} -`;
/** Files of the system name a user behind the schedule. */
const SYSTEM_CRON =
  'sudo cp -p {1} {1}.before && J={0} awk \'{ l = $0; $1 = $1; $({2} + 0) = ""; $0 = $0; $1 = $1 } index($0 " ", ENVIRON["J"] " ") != 1 { print l }\' {1}.before | sudo tee {1} >/dev/null';
const SCHEDULE = ['minute', 'hour', 'day_of_month', 'month', 'day_of_week'] as const;

/** What takes away what an act has put there; undefined where there is nothing of the kind. @param user whose alert it is */
export function removalOf({ act, columns }: StepAct, user: string): Done | undefined {
  if (act.ended) return undefined;
  const at = (column: string): string | undefined => valueAt(columns, column);
  const step = (values: Readonly<Record<string, string>>, command?: string, undo?: string): Done => ({
    key: `${act.kind}:${act.id}`,
    kind: act.kind as Step['kind'],
    phrase: { id: `step.${act.kind}`, values },
    command: command ?? null,
    undo: command === undefined ? null : (undo ?? null),
    note: null,
  });
  switch (act.kind) {
    case 'key': {
      const [file = '', comment] = [at('key_file'), at('comment')];
      if (comment === undefined) {
        const plain = step({ file }, commandOf('ssh-keygen -lf {0}', file));
        return { ...plain, phrase: { id: 'step.key.plain', values: { file, user } } };
      }
      const command = commandOf(WITHOUT_KEY, file, comment);
      return step({ name: comment, file }, command, commandOf('mv {0}.before {0}', file));
    }
    case 'cron':
      return cronStep(step, at, user, act.name);
    case 'autostart': {
      const file = at('path') ?? act.name;
      const root = file.startsWith('/etc/') || file.startsWith('/usr/') ? 'sudo ' : '';
      const move = `${root}mv {0} {0}.off`;
      return step({ file }, commandOf(move, file), commandOf(`${root}mv {0}.off {0}`, file));
    }
    case 'unit': {
      const name = act.name;
      const file = at('fragment_path') ?? at('source_path') ?? '';
      const how = /^\/(etc|usr|lib|run)\/(lib\/)?systemd\/system\//.test(file) ? 'sudo systemctl' : 'systemctl --user';
      return step({ name }, commandOf(`${how} disable --now {0}`, name), commandOf(`${how} enable --now {0}`, name));
    }
    case 'account': {
      const name = at('username') ?? act.name;
      return step(
        { name },
        commandOf('sudo usermod --expiredate 1 {0}', name),
        commandOf(`sudo usermod --expiredate '' {0}`, name),
      );
    }
    case 'admin': {
      const [group = '', uid = ''] = [at('groupname'), at('uid')];
      if (!/^\d{1,10}$/.test(uid)) return undefined;
      const [take, give] = ['--delete', '--add'].map((how) =>
        commandOf(`sudo gpasswd ${how} "$(id -nu {1})" {0}`, group, uid),
      );
      return step({ group, uid }, take, give);
    }
    case 'sudo':
      return step({ name: act.name }, commandOf('sudo visudo -f {0}', at('source')));
    case 'module':
      return step({ name: act.name }, commandOf('sudo rmmod {0}', act.name), commandOf('sudo modprobe {0}', act.name));
    case 'device':
      return step({ name: act.name });
    case 'port': {
      const port = at('port') ?? '';
      if (!/^\d{1,5}$/.test(port)) return undefined;
      return step({ port }, commandOf(`sudo ss -lntup 'sport = :{0}'`, port));
    }
    default:
      return undefined;
  }
}

type MakeStep = (values: Readonly<Record<string, string>>, command?: string, undo?: string) => Done;

function cronStep(step: MakeStep, at: (column: string) => string | undefined, user: string, name: string): Done {
  const minute = at('minute') ?? at('event') ?? '';
  const isEvent = minute.startsWith('@');
  const schedule = isEvent ? [minute] : SCHEDULE.map((column) => at(column));
  const job = at('verb') ?? at('command')?.replace(/\s+/g, ' ').trim();
  const path = at('path') ?? '';
  if (job === undefined || schedule.includes(undefined)) return step({ name });
  const entry = [...schedule, job].join(' ');
  const owner = ownerOf(path);
  if (owner === undefined)
    return step(
      { name },
      commandOf(SYSTEM_CRON, entry, path, isEvent ? '2' : '6'),
      commandOf('sudo mv {0}.before {0}', path),
    );
  if (owner === user) return step({ name }, commandOf(OWN_CRON, entry), 'crontab ~/crontab.before');
  return step({ name }, commandOf(USERS_CRON, entry, owner), commandOf('sudo crontab -u {0} ~/crontab.before', owner));
}
