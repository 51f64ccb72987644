import type { AlertFile } from '../../src-main/contract/answer.ts';

/** Hands a file to the reader, where the browser or the desktop puts what is downloaded. */
export function saveFile({ name, type, text }: AlertFile): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read it a moment later.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
