// <nav data-turn> with links rel="prev" and rel="next": the arrows of the keyboard turn to them.
import { isTyping } from "../common/dom";

const TURNS: Readonly<Record<string, string>> = { ArrowLeft: "prev", ArrowRight: "next" };

export function wakeTurning(nav: HTMLElement, go: (link: HTMLAnchorElement) => void = (link) => link.click()): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (isTyping(event.target) || needsArrows(event.target)) return;
    const link = nav.querySelector<HTMLAnchorElement>(`a[rel="${TURNS[event.key] ?? "none"}"]`);
    if (link) {
      event.preventDefault();
      go(link);
    }
  });
}

/** What scrolls or winds by arrows itself: a region that may be scrolled, a recording. */
function needsArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("audio, video, input, [tabindex='0'][role='region']") !== null;
}
