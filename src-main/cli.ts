import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Argument, Command, CommanderError, Option } from 'commander';

import { algorithms } from '../models/algorithm.ts';
import { mathEngines } from '../models/math-engine.ts';
import packageJson from '../package.json' with { type: 'json' };
import { alertCommands } from './cli/alert-commands.ts';
import { backup, restore } from './cli/backup.ts';
import { importOriginal } from './cli/import-original.ts';
import { compare } from './cli/compare.ts';
import { getConfig, setConfig } from './cli/config.ts';
import { demo, type DemoOptions } from './cli/demo.ts';
import { labelled } from './cli/evaluate/attack-labels.ts';
import { evaluate } from './cli/evaluate.ts';
import { defineFleet } from './cli/fleet/define.ts';
import { exitCodes, exitStatus, Failure } from './cli/failure.ts';
import { diagnostics } from './cli/diagnostics.ts';
import { doctor } from './cli/doctor.ts';
import { modelCommands } from './cli/model-commands.ts';
import { tellUser, sayRaw } from './cli/output.ts';
import { exportData, forgetData } from './cli/privacy.ts';
import { score } from './cli/score.ts';
import { serve, type ServeOptions } from './cli/serve.ts';
import { simulate } from './cli/simulate.ts';
import { setUp, type SetUpOptions } from './cli/set-up-osquery.ts';
import { commandsOf } from './cli/shell/commands.ts';
import { completionFor, shells, type Shell } from './cli/shell/completion.ts';
import { manualOf } from './cli/shell/manual.ts';
import { start, type StartOptions } from './cli/start.ts';
import { status } from './cli/status.ts';
import { train } from './cli/train.ts';
import { watch } from './cli/watch.ts';
import { logForms } from './line-forms/original-csv.ts';
import { attacks } from './simulate/attacks/schedule.ts';
import { forms } from './simulate/lines.ts';
import { packs } from './simulate/simulate.ts';
import { outliveReaders, printLines, report, reportBug, reportUncaught } from './terminal/terminal.ts';

/** The folder of data/ and models/. Found from here both in a checkout and in the built program. */
const root = fileURLToPath(new URL('..', import.meta.url));

const program = new Command('ubad')
  .description("Learns each user's normal behaviour from osquery's results log and tells what is not normal.")
  .version(packageJson.version)
  .exitOverride()
  // What was typed, or a script has put there, is quoted in it.
  .configureOutput({
    writeOut: (text) => {
      printLines(linesOf(text));
    },
    writeErr: (text) => {
      for (const line of linesOf(text)) report(line);
    },
  })
  .addHelpText(
    'after',
    `
Examples:
  $ ubad train --log osqueryd.results.log --algorithm both
  $ ubad score --log today.log --learn --out scores.jsonl
  $ ubad watch
  $ ubad alerts list

Exit codes: ${exitStatus.map(([code, meaning]) => `${code} ${meaning}`).join('; ')}.`,
  );

/** Commander ends each of its texts with a line's end. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

const algorithm = new Option('-a, --algorithm <name>', 'which models judge').choices([...algorithms]);
const noFacts = new Option('--no-facts', 'only the models judge, not what was never there before by itself');
const form = new Option('--form <name>', 'what the logs are (default: osquery)').choices(logForms);
const engine = new Option('-e, --engine <name>', 'who does the arithmetic (default: fused)').choices([...mathEngines]);
const command = (parent: Command, name: string, description: string): Command =>
  parent
    .command(name)
    .description(description)
    .option('-c, --config <file>', 'configuration file (default: $XDG_CONFIG_HOME/ubad/config.json)')
    .option('--state <dir>', 'folder of database and models (default: $XDG_STATE_HOME/ubad)');
/** Who judges, and with what. */
const judging = (of: Command): Command => of.addOption(algorithm).addOption(noFacts).addOption(engine);
const json = (of: Command): Command => of.option('--json', 'print JSON');

judging(
  json(command(program, 'train', 'train models from logs (plain, .gz, .zst) or, without --log, from stored actions')),
)
  .option('-l, --log <file...>', 'results logs, oldest first')
  .addOption(form)
  .option('--subject <name>', 'every action is this subject’s')
  .option('--seed <number>', 'the same seed and input give the same model')
  .action(train);
judging(command(program, 'score', 'judge saved logs with trained models: one JSON line an action'))
  .requiredOption('-l, --log <file...>', 'results logs, oldest first')
  .addOption(form)
  .option('--subject <name>', 'every action is this subject’s')
  .option('--learn', 'go on learning what is normal, and keep it; incidents are told, not kept')
  .option('-o, --out <file>', 'write there instead of to standard output')
  .action(score);
judging(
  json(
    command(program, 'watch', 'follow the live log, learn and alert, until SIGTERM; SIGHUP re-reads the configuration'),
  ),
)
  .option('-l, --log <file>', 'the results log (default: the configuration’s)')
  .option('--subject <name>', 'every action is this subject’s')
  .addOption(new Option('--from <place>', 'where to begin in a log never read before').choices(['beginning', 'end']))
  .action(watch);
judging(
  json(command(program, 'evaluate', 'train and judge labelled logs: ROC-AUC, average precision, detection, delay')),
)
  .requiredOption('--train <file...>', 'logs to learn from')
  .requiredOption('--test <file...>', 'logs to judge, in the same order')
  .requiredOption(
    '--labels <file...>',
    'CSV with line_from,line_to,label (1: not the user), in the same order; or .jsonl of attacks, as ubad simulate writes it',
  )
  .addOption(
    new Option(
      '--labels-of <logs>',
      'what labels in .jsonl count: the lines of both logs together (default) or of the test log alone',
    ).choices(labelled),
  )
  .addOption(form)
  .option('--scores <file>', 'keep what was scored in a new file, for ubad compare')
  .option('--no-learn', 'learn nothing while judging')
  .addOption(new Option('--baseline <name>', 'judge by the original project’s two methods too').choices(['original']))
  .option('--collapse', 'leave out exact repeats of one of the ten actions before')
  .option('--seed <number>', 'the same seed and input give the same figures')
  .action(evaluate);
json(program.command('compare <a> <b>'))
  .description('how two versions differ, by the scores that ubad evaluate kept of each, with intervals by user')
  .option('--seed <number>', 'the same seed and files give the same intervals', '1')
  .action(compare);
program
  .command('simulate')
  .description(
    'write the log that invented users could have left, with labelled attacks; the same seed, the same bytes',
  )
  .option('--users <count>', 'how many people', '4')
  .option('--hosts <count>', 'machines of one person each instead: a log of each in the folder of --out')
  .option('--days <count>', 'how many days', '21')
  .option('--start <day>', 'the first day (UTC)', '2026-04-20')
  .option('--seed <number>', 'the same options and seed give the same bytes', '1')
  .addOption(new Option('--pack <name>', 'which pack asked').choices(packs).default('modern'))
  .addOption(new Option('--form <name>', 'how osquery wrote results').choices(forms).default('event'))
  .option(
    '--audit',
    'add what the audit pack would log: each program start and connection, also those too short for a poll',
  )
  .option('--attacks <list>', `all, none, or some of ${attacks.map(({ id }) => id).join(',')}`, 'all')
  .option('--follow', 'write each line when its time has come, at --speed, onto the end of --out')
  .option('--speed <times>', 'simulated seconds in one second', '60')
  .option('-o, --out <file>', 'write there instead of to standard output')
  .option('--labels <file>', 'write where the attacks are: one JSON line each')
  .action(simulate);
json(command(program, 'status', 'who is known, what is learned, what was read')).action(status);

modelCommands(program, { command, json, algorithm });
alertCommands(program, { command, json, algorithm });

const config = program.command('config').description('the settings');
json(command(config, 'get [key]', 'one setting, or all with what they mean')).action(getConfig);
command(config, 'set <key> <value>', 'change a setting').action(setConfig);
command(config, 'import <file>', 'take over what can be of a settings.ini of the original project of 2017').action(
  importOriginal,
);

command(program, 'export <user>', 'all that is known of a user, as one JSON object')
  .option('-o, --out <file>', 'write there, privately, instead of to standard output')
  .action(exportData);
json(command(program, 'forget [user]', 'delete a user, or the last hours, and the models that learned from it'))
  .option('--last-hours <number>', 'only the actions of the last hours: of the user or, without one, everybody’s')
  .option('-y, --yes', 'do it, instead of telling what that would be')
  .action(forgetData);
const passphrase = new Option(
  '--passphrase-file <file>',
  'its first line encrypts and authenticates the backup; - for standard input',
);
command(program, 'backup <file>', 'settings, database and models in one new file, also while ubad watch runs')
  .addOption(passphrase)
  .action(backup);
command(program, 'restore <file>', 'take settings, database and models from a backup, once all of it is proven whole')
  .addOption(passphrase)
  .option('--force', 'put aside what is there already')
  .action(restore);

json(command(program, 'demo', 'replay the example that ships, and compare what is found with its labelled attacks'))
  .option('--train', 'train on its first two weeks, instead of taking the models that ship')
  .option('--speed <times>', 'simulated seconds in one second (default: as fast as it goes)')
  .addOption(algorithm)
  .addOption(engine)
  .action((options: DemoOptions) => demo(options, root));
json(command(program, 'start', 'the main job: watch osquery’s log or, without one, the example that ships'))
  .option('-l, --log <file>', 'the results log (default: the configuration’s)')
  .option('--example', 'show the example, also where there is a log')
  .addOption(algorithm)
  .addOption(engine)
  .action((options: StartOptions) => start(options, root));

command(program, 'serve', 'the window in a browser of this machine, until SIGTERM')
  .option('-l, --log <file>', 'the results log (default: the configuration’s)')
  .option('--port <number>', 'where it listens; 0: any that is free', '0')
  .option('--host <address>', '127.0.0.1 or ::1', '127.0.0.1')
  .option('--open', 'open it, where there is a desktop')
  .option('--or-example', 'without a log, show the example that ships')
  .addOption(algorithm)
  .addOption(engine)
  .action((options: ServeOptions) => serve(options));
json(command(program, 'doctor', 'check each step from osquery to an alert on this machine'))
  .option('-l, --log <file>', 'the results log (default: the configuration’s)')
  .action(doctor);

command(program, 'diagnostics <file>', 'what helps to find a fault, without private data, in one new file').action(
  diagnostics,
);

json(program.command('setup'))
  .description('let osquery ask what this learns from, and a user read its log; shows all of it first')
  .option('--user <name>', 'who is to read the log (default: who runs this)')
  .option('--rsyslog', 'hand messages of login and sudo to osquery too, by rsyslog or syslog-ng')
  .option('-y, --yes', 'change it without asking')
  .option('--digest <sum>', 'with --yes: only when it is what --json showed')
  .option('--undo', 'take back all that was changed')
  .option('--root <dir>', 'of another system, such as a mounted one', '/')
  .action((options: SetUpOptions) => setUp(options, join(root, 'conf')));

defineFleet(program);

program
  .command('completion')
  .description('print the script that makes a shell complete this command')
  .addArgument(new Argument('<shell>').choices([...shells]))
  .action((shell: Shell) => {
    sayRaw(`${completionFor(shell, commandsOf(program))}\n`);
  });
program.command('manual', { hidden: true }).action(() => {
  sayRaw(`${manualOf({ version: packageJson.version, commands: commandsOf(program), exitStatus })}\n`);
});

reportUncaught();
outliveReaders();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  else {
    tellUser(error instanceof Error ? error.message : String(error), 'error');
    if (!(error instanceof Failure) && process.env.UBAD_DEBUG !== undefined) reportBug(error);
    process.exitCode = error instanceof Failure ? error.exitCode : exitCodes.failed;
  }
}
