/** What an element may have besides its children. */
export interface ElementOptions {
  readonly class?: string;
  readonly id?: string;
  /** Finds the element again after its part of the page was drawn anew, for the focus. */
  readonly key?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Makes an element. Texts become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  options: ElementOptions = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (options.class) made.className = options.class;
  if (options.id) made.id = options.id;
  if (options.key) made.dataset.key = options.key;
  for (const [attribute, value] of Object.entries(options.attributes ?? {}))
    made.setAttribute(attribute, value);
  if (options.onClick) made.addEventListener("click", options.onClick);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Text in whatever direction it has by itself: a name in Latin letters in an Arabic sentence, a time, a number. */
export function isolated(text: string, name?: string): HTMLElement {
  return element("bdi", name ? { class: name } : {}, text);
}

/** Draws a part of the page anew; the focus stays where it was. */
export function fill(part: HTMLElement, children: readonly (Node | string | undefined)[]): void {
  const key = part.contains(document.activeElement) && (document.activeElement as HTMLElement).dataset.key;
  part.replaceChildren(...children.filter((child) => child !== undefined));
  part.hidden = part.childNodes.length === 0;
  if (key) part.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
