// Focus, announcements and identifiers: the small things each screen needs of the browser.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

/** Moves focus to the element when it appears, and again when `token` changes; a heading needs tabIndex={-1}. */
export function useFocus<E extends HTMLElement>(token?: unknown): RefObject<E | null> {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.focus(), [token]);
  return ref;
}

/** A native modal dialog, opened while mounted: the browser keeps focus inside, and what had it before has it after. */
export function useModal(onCancel?: () => void): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const cancel = (event: Event) => {
      event.preventDefault();
      onCancel?.();
    };
    // A browser grants a second Escape without asking; what must be read or answered stays all the same.
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !onCancel) event.preventDefault();
    };
    dialog.addEventListener("cancel", cancel);
    dialog.addEventListener("keydown", press);
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.removeEventListener("cancel", cancel);
      dialog.removeEventListener("keydown", press);
      if (dialog.open) dialog.close();
      // By now it is out of the page, where a browser gives no focus back.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return ref;
}

/** What a polite live region now says; `<LiveRegion>` shows it. */
export const spoken = signal("");

/** Says `text` to a screen reader when it is free. The same words twice are heard twice. */
export function announce(text: string): void {
  spoken.value = spoken.value === text ? `${text}\u00a0` : text;
}

/** A random version 4 UUID; crypto.randomUUID is missing on a plain-http network. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** True while a key press belongs to a text field, so a shortcut must not take it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
