/** Bytes past ASCII as older osqueryds wrote them, `j\xC3\xB6rg`: what is valid UTF-8 becomes the text that it was. */
export function unescaped(value: string): string {
  if (!value.includes('\\x')) return value;
  return value.replace(bytes, (run) => {
    try {
      return decoder.decode(Buffer.from(run.replaceAll('\\x', ''), 'hex'));
    } catch {
      return run;
    }
  });
}

const bytes = /(?:\\x[89A-F][0-9A-F])+/g;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
