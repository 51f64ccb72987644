import type { StoryLanguage } from './tell.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The language of this session, where we have it: as programs of the system take it from the environment. */
export function sessionLanguage(env: Environment): StoryLanguage {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '') ?? '';
  // Without a language of its own a session has no list of them either.
  const isPlain = /^(?:C|POSIX)?(?:\.|$)/.test(locale);
  const wanted = isPlain ? [] : [...(env.LANGUAGE ?? '').split(':'), locale];
  return wanted.map((one) => one.slice(0, 2)).find((one) => one === 'de' || one === 'en') === 'de' ? 'de' : 'en';
}
