import { createRequire } from 'node:module';

import packageJson from '../../package.json' with { type: 'json' };

/** The packages that engines need besides the program's own; a slim installation may be without them. */
export type OptionalPackage = keyof typeof packageJson.optionalDependencies;

/** The packages are CommonJS: required, all of them see the same TensorFlow.js. */
const required = createRequire(import.meta.url);

class MissingPackage extends Error {
  override readonly name = 'MissingPackage';
}

/**
 * What a package exports.
 * @throws MissingPackage when it is not installed, and what the package itself throws
 */
export function requirePackage(name: OptionalPackage, engine: string): unknown {
  packagePath(name, engine);
  return required(name) as unknown;
}

/** The file that a package is loaded from. @throws MissingPackage when it is not installed */
export function packagePath(name: OptionalPackage, engine: string, resolve = required.resolve): string {
  try {
    return resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const version = packageJson.optionalDependencies[name];
    throw new MissingPackage(
      `The engine ${engine} needs a package that is not installed: npm install ${name}@${version}`,
      { cause: error },
    );
  }
}
