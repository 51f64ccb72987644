import { delimiter, join } from 'node:path';

import { isThere } from '../../test/system-packages.ts';

/** A program that the stand-ins need, and the Debian package that has it. */
interface Needed {
  readonly program: string;
  readonly package: string;
  /** The targets that are not made without it. */
  readonly for: readonly string[];
}

const needed: readonly Needed[] = [
  { program: 'mksquashfs', package: 'squashfs-tools', for: ['AppImage'] },
  { program: 'desktop-file-validate', package: 'desktop-file-utils', for: ['AppImage'] },
  { program: '7zz', package: '7zip', for: ['tar.gz'] },
  { program: 'dpkg-deb', package: 'dpkg', for: ['deb'] },
];

/** Where a program is; its name alone where it is nowhere, so that whoever starts it says so. */
export function pathOf(program: string, path = process.env.PATH ?? ''): string {
  const files = path.split(delimiter).map((folder) => join(folder, program));
  return files.find(isThere) ?? program;
}

/** What is missing for these targets, as a sentence that says what to install; undefined where nothing is. */
export function whatIsMissing(targets: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  const missing = needed.filter(
    (one) => one.for.some((target) => targets.includes(target)) && pathOf(one.program, path) === one.program,
  );
  if (missing.length === 0) return undefined;
  const reasons = missing.map((one) => `${one.program}, which ${one.for.join(' and ')} needs`);
  const without = targets.filter((target) => !missing.some((one) => one.for.includes(target)));
  const others = without.length > 0 ? ` Or make the others alone: npm run pack --${targetsOf(without)}` : '';
  return `There is no ${reasons.join(', and no ')}. To install: sudo apt-get install ${missing.map((one) => one.package).join(' ')}.${others}`;
}

const targetsOf = (targets: readonly string[]): string => targets.map((target) => ` --target ${target}`).join('');
