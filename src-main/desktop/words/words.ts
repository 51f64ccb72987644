import type { StoryLanguage } from '../../contract/story/tell.ts';
import { de } from './de.ts';
import { en, type DesktopWords } from './en.ts';

export const wordsIn: Readonly<Record<StoryLanguage, DesktopWords>> = { en, de };
