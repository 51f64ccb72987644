import { Option, type Command } from 'commander';

import { soughtKinds } from '../contract/find.ts';
import { storyLanguages } from '../contract/story/tell.ts';
import { reportFormats } from '../engine/report/file.ts';
import { listAlerts, showAlert } from './alerts.ts';
import * as feedback from './feedback.ts';
import { findValue, furtherAlert } from './find.ts';
import { reportAlert } from './report.ts';
import { sendAlerts } from './send-alerts.ts';
import { tickStep } from './tick.ts';

/** What the command line gives its commands. */
export interface Makers {
  readonly command: (parent: Command, name: string, description: string) => Command;
  readonly json: (of: Command) => Command;
  readonly algorithm: Option;
}

/** `ubad alerts …`, `ubad find` and `ubad rules …` */
export function alertCommands(program: Command, { command, json, algorithm }: Makers): void {
  const alerts = program.command('alerts').description('what was not normal');
  json(command(alerts, 'list', 'newest first'))
    .option('--subject <name>', 'only this subject’s')
    .option('--open', 'only those still open')
    .option('--limit <count>', 'at most this many', '50')
    .action(listAlerts);
  json(command(alerts, 'show <id>', 'one alert, explained')).action(showAlert);
  json(
    command(alerts, 'further <id>', 'what started what, what else its session did, and what else there was around it'),
  ).action(furtherAlert);
  command(alerts, 'report <id>', 'all that is known of one alert as one file, to be handed on')
    .addOption(
      new Option('--format <name>', 'html, md or json (default: by the file’s ending, else md)').choices(reportFormats),
    )
    .addOption(new Option('--language <name>', 'of its texts').choices(storyLanguages).default('en'))
    .option('-o, --output <file>', 'write there, privately, instead of to standard output')
    .action(reportAlert);
  json(command(alerts, 'tick <id> <step>', 'note that a step was taken, by the number that ubad alerts show tells'))
    .option('--undo', 'it was not')
    .action(tickStep);
  json(command(alerts, 'mark <id> <verdict>', 'say that it was normal or suspicious, or none: take that back'))
    .option('--scope <kinds>', 'from now on for this action, program, address, query or hour, or several: program,hour')
    .option('--act <number>', 'of another of its acts, by the number that ubad alerts show tells')
    .option('--days <number>', 'the scope holds for this many days (default: for good)')
    .option('--preview', 'only tell what the rule would have hidden in the last 30 days')
    .addOption(algorithm)
    .action(feedback.markAlert);
  command(
    alerts,
    'send <targets>',
    'send new alerts to other systems that a file of targets names, until SIGTERM',
  ).action(sendAlerts);

  json(command(program, 'find <value>', 'everything with an address, program, file, session, user or host'))
    .addOption(new Option('--as <kind>', 'what the value is').choices(soughtKinds).default('value'))
    .option('--limit <count>', 'at most this many of its actions', '20')
    .action(findValue);

  const rules = program.command('rules').description('what was called normal or suspicious for good, or for a time');
  json(command(rules, 'list', 'those that stand')).action(feedback.listRules);
  command(rules, 'remove <rule>', 'judge again as if it had never been').action(feedback.removeRule);
}
