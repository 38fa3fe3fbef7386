// How to get to a place of the text: from a remark, from what a reader said, or by the address.
import type { Language } from "../common/wire";
import { isLanguage } from "../common/i18n";
import type { Editor } from "./ctrl";

export function languageOf(anchor: string): Language | null {
  const head = anchor.split(".")[0];
  return isLanguage(head) ? head : null;
}

/** The place is on the screen and has the focus, or the nearest place around it. */
export function goTo(editor: Editor, anchor: string): void {
  const language = languageOf(anchor);
  if (language && language !== editor.left.value && language !== editor.right.value && editor.item.value?.texts[language]) editor.showLanguage("left", language);
  requestAnimationFrame(() => {
    const place = nearest(anchor);
    if (!place) return;
    for (let around = place.parentElement; around; around = around.parentElement) if (around instanceof HTMLDetailsElement) around.open = true;
    place.scrollIntoView({ block: "center" });
    place.querySelector<HTMLElement>("[role=textbox], input:not([disabled]), select, textarea, button")?.focus();
  });
}

function nearest(anchor: string): HTMLElement | null {
  const parts = anchor.split(".");
  for (let n = parts.length; n > 0; n -= 1) {
    for (const name of [parts.slice(0, n).join("."), parts.slice(1, n).join(".")]) {
      const found = name && document.querySelector<HTMLElement>(`[data-anchor="${CSS.escape(name)}"]`);
      if (found) return found;
    }
  }
  return document.querySelector<HTMLElement>("[data-anchor]");
}

/** An address that ends in `#at-ky.options.2`, as the readers' page has it, opens the text at that place. */
export function goToAddress(editor: Editor): void {
  const anchor = /^#at-([\w.-]+)$/u.exec(location.hash)?.[1];
  if (anchor) goTo(editor, anchor);
}
