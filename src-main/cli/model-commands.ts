import { Option, type Command } from 'commander';

import { storyLanguages } from '../contract/story/tell.ts';
import type { Makers } from './alert-commands.ts';
import * as commands from './models.ts';

/** `ubad models …` */
export function modelCommands(program: Command, { command, json, algorithm }: Makers): void {
  const models = program.command('models').description('the trained models');
  json(command(models, 'list', 'all versions')).action(commands.listModels);
  command(models, 'show <version>', 'one version, and whether it can be used').action(commands.showModel);
  command(models, 'plot <user>', 'how the model in use was trained and where it alarms, as an SVG picture')
    .option('-o, --out <file>', 'write there, privately, instead of to standard output')
    .addOption(new Option('--language <name>', 'of its texts').choices(storyLanguages).default('en'))
    .addOption(algorithm)
    .action(commands.plotModel);
  command(models, 'export <version> <folder>', 'copy a model to a new folder').action(commands.exportModel);
  command(models, 'import <folder>', 'take a model in and use it')
    .option('--subject <name>', 'for this subject instead of the model’s own')
    .action(commands.importModel);
  command(models, 'rollback <version>', 'use an earlier version again').action(commands.rollback);
  command(
    models,
    'anchor <user>',
    'answer whether a slow change of this user was their own, or tell what is known of it',
  )
    .option('--mine', 'it was: from now on the user is held against what is normal now')
    .option('--not-mine', 'it was not: use the model of then, and learn nothing of what came since')
    .action(commands.anchor);
  command(models, 'delete <version>', 'forget a version').action(commands.deleteModel);
}
