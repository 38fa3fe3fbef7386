// A focused control may go away with its act; the focus then goes to a heading nearby, not to the top of the page.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Keeps the focus of `within`: when the focused element in it disappears, `heading` takes over. */
export function useFocusKept(within: RefObject<HTMLElement | null>, heading: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const note = (event: FocusEvent) => {
      const { target } = event;
      last.current = target instanceof Element && within.current?.contains(target) ? target : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    const isLost = last.current !== null && !last.current.isConnected && document.activeElement === document.body;
    if (isLost) heading.current?.focus({ preventScroll: true });
  });
}
