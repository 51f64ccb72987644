/** Whether a key press is meant for a field, a dialog or another program's short cut, not for the screen. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const { target } = event;
  return target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
}
