// A reader of slips types a number and Enter as no person can. It is heard wherever the focus is, but in a text field.
import { isTyping } from "../../common/dom";
import { _ } from "../../common/i18n";

/** Slower than this is a person at the keyboard. */
const APART_MS = 60;
const SHORTEST = 5;
/** No number of a registration is longer. */
const LONGEST = 40;

/** Gathers keys; `press` gives the whole line when Enter follows at a reader's pace, else null. */
export class Scanner {
  private line = "";
  private at_ms = -Infinity;

  press(key: string, at_ms: number): string | null {
    const isPart = at_ms - this.at_ms <= APART_MS;
    this.at_ms = at_ms;
    if (!isPart) this.line = "";
    if (key === "Enter") {
      const read = this.line;
      this.line = "";
      return isPart && read.length >= SHORTEST ? read : null;
    }
    if ([...key].length === 1) this.line += key;
    return null;
  }
}

/** Calls `onLine` for each slip that is read; the Enter of a reader presses no button. Returns the way to stop. */
export function listenToReader(target: Window, onLine: (line: string) => void): () => void {
  const scanner = new Scanner();
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const line = scanner.press(event.key, event.timeStamp);
    if (line === null) return;
    event.preventDefault();
    event.stopPropagation();
    onLine(line);
  };
  target.addEventListener("keydown", hear, { capture: true });
  return () => target.removeEventListener("keydown", hear, { capture: true });
}

/** Registration numbers as a reader of another keyboard layout may type them: letters and digits only. */
export function plainNumber(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Why what was read opens no seat here, in words: another kind of code, or a candidate of another room. */
export function strangerText(line: string): string {
  if (line.includes("/papers?digest=")) return _("This is the code at the foot of a paper. Read the code on the candidate's slip.");
  if (/^O-?\d+$|\/observe\?/i.test(line.trim())) return _("This is an observer's slip. Observers sign in on a page of their own.");
  if (line.length > LONGEST || plainNumber(line) === "") return _("This code is not of a candidate's slip.");
  return _("No candidate of this room has the number %(number)s. Compare the room and the day on the slip.", { number: line });
}
