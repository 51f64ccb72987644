const names = [
  ...(['text', 'text-quiet', 'line', 'line-strong', 'mark', 'high', 'high-ground', 'band-usual', 'no-data'] as const),
] as const;

/** What the tokens of style/tokens.css are here and now: a canvas knows no custom properties. */
export type Colours = Readonly<Record<(typeof names)[number], string>>;

/** @param element beside which a probe may stand for a moment */
export function coloursAt(element: HTMLElement): Colours {
  // A custom property keeps light-dark() as it is written; a real property has the colour.
  const probe = document.createElement('i');
  element.parentElement?.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found) as Colours;
}
