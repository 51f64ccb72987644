/** An option of one of our own commands has a value that it cannot have. */
class WrongOption extends Error {
  override readonly name = 'WrongOption';
}

/**
 * What was given on the command line. Ends the process with the usage for `--help` (status 0), and, saying what is wrong,
 * for what is no option or has no such value (status 2).
 * @param read calls parseArgs, and `numberOf` for what is a number
 */
export function readOptions<T>(usage: string, read: () => T): T {
  if (process.argv.slice(2).some((one) => one === '--help' || one === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read();
  } catch (error) {
    if (!isOfTheCommandLine(error)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

/** @throws WrongOption for anything but a number that is not negative: a run of NaN seconds would try nothing, and call that a success */
export function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new WrongOption(`--${option} takes a number that is not negative, not "${text}".`);
  return value;
}

function isOfTheCommandLine(error: unknown): error is Error {
  if (error instanceof WrongOption) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
