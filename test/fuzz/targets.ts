import type { Target } from './target.ts';

/** Each made when it is wanted: some train a model or open a store first. */
export const targets: Readonly<Record<string, () => Promise<Target>>> = {
  line: async () => (await import('./targets/line.ts')).line,
  lines: async () => (await import('./targets/state.ts')).lines,
  masking: async () => (await import('./targets/masking.ts')).masking,
  settings: async () => (await import('./targets/settings.ts')).settings,
  pack: async () => (await import('./targets/settings.ts')).pack,
  state: async () => (await import('./targets/state.ts')).state,
  texts: async () => (await import('./targets/texts.ts')).texts,
  contract: async () => (await import('./targets/contract.ts')).contract,
  models: async () => (await import('./targets/models.ts')).models(),
  'backup-rows': async () => (await import('./targets/backup-rows.ts')).backupRows,
  'model-folders': async () => (await import('./targets/model-folders.ts')).modelFolders,
  osquery: async () => (await import('./targets/osquery.ts')).osquery,
  backup: async () => (await import('./targets/backup.ts')).backup,
};
