import { mergeConfig } from 'vitest/config';
import desktop from './vitest.desktop.config.js';

/** The bench's own proof, for who changes the bench: deliberate mistakes in the sample, each of which a check has to notice. */
const config = mergeConfig(desktop, {});
config.test.include = ['test/desktop/mistakes.test.ts'];
config.test.exclude = [];
export default config;
