// A work is marked by keyboard: digits are points, Enter keeps them and goes on. What was chosen stays in the tab until
// the server has it, and is sent again by itself. Without script the form does the same, a page at a time.
import { Refusal, postJson } from "../common/api";
import { isTyping, uuid } from "../common/dom";
import type { MarkGiven, MarkKept } from "../common/wire";

export const TOGETHER_MS = 900; // digits typed within it make one number
export const AGAIN_MS = [1000, 2000, 4000, 8000, 15000] as const;
const UNSIGNED = [401, 403];

interface Kept {
  readonly key: string;
  readonly replaces: string;
  readonly points: string;
  readonly note: string;
}

/** The number that a digit makes with those typed just before it, or the digit by itself; null where neither is on the scale. */
export function pointsOf(before: string, digit: string, maximum: number): number | null {
  for (const typed of [before + digit, digit]) if (Number(typed) <= maximum) return Number(typed);
  return null;
}

class Sheet {
  private readonly place: string;
  private readonly began = performance.now();
  private digits = "";
  private typedAt = -Infinity;
  private isBusy = false;
  private tries = 0;

  constructor(private readonly form: HTMLFormElement, private readonly go: (url: string) => void) {
    this.place = `marking:${form.dataset["marking"] ?? ""}`;
    this.restore();
    form.addEventListener("input", () => this.keep());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    document.addEventListener("keydown", (event) => this.press(event));
    if (!document.querySelector(".govuk-error-summary")) (this.chosen() ?? this.points()[0])?.focus({ preventScroll: true });
  }

  private points(): HTMLInputElement[] {
    return [...this.form.querySelectorAll<HTMLInputElement>('input[name="points"]')];
  }

  private chosen(): HTMLInputElement | undefined {
    return this.points().find((each) => each.checked);
  }

  private field(name: string): HTMLInputElement | HTMLTextAreaElement | null {
    return this.form.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`);
  }

  private press(event: KeyboardEvent): void {
    if (!this.form.isConnected || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey) return this.submit(event);
    if (event.ctrlKey || isTyping(event.target)) return;
    if (/^[0-9]$/.test(event.key)) return this.type(event);
    const isElsewhere = event.target instanceof Element && event.target.closest("a, button, summary, details form") !== null;
    if (event.key === "Enter" && !isElsewhere) this.submit(event);
  }

  private submit(event: KeyboardEvent): void {
    event.preventDefault();
    this.form.requestSubmit();
  }

  private type(event: KeyboardEvent): void {
    if (this.isBusy) return;
    const before = event.timeStamp - this.typedAt < TOGETHER_MS ? this.digits : "";
    const points = pointsOf(before, event.key, Number(this.form.dataset["maximum"]));
    if (points === null) return;
    event.preventDefault();
    this.digits = String(points);
    this.typedAt = event.timeStamp;
    const found = this.points()[points];
    if (!found) return;
    found.checked = true;
    found.focus({ preventScroll: true });
    this.keep();
  }

  private say(which: "saving" | "waiting" | "signedOut" | "choose" | null, words = ""): void {
    const place = this.form.querySelector<HTMLElement>("[data-said]");
    if (place) place.textContent = which === null ? words : (this.form.dataset[which] ?? "");
  }

  private keep(): void {
    const kept: Kept = {
      key: this.field("key")?.value ?? "",
      replaces: this.field("replaces")?.value ?? "",
      points: this.chosen()?.value ?? "",
      note: this.field("note")?.value ?? "",
    };
    sessionStorage.setItem(this.place, JSON.stringify(kept));
  }

  private restore(): void {
    const text = sessionStorage.getItem(this.place);
    if (text === null) return;
    const kept = JSON.parse(text) as Kept;
    const [key, note] = [this.field("key"), this.field("note")];
    // Another mark stands there by now: what was kept is old.
    if (!key || !note || kept.replaces !== this.field("replaces")?.value) return sessionStorage.removeItem(this.place);
    key.value = kept.key;
    note.value = kept.note;
    for (const each of this.points()) each.checked = each.value === kept.points;
  }

  private asked(): MarkGiven | null {
    const points = this.chosen()?.value;
    if (points === undefined) return null;
    const replaces = this.field("replaces")?.value;
    return {
      key: this.field("key")?.value ?? uuid(),
      points: Number(points),
      note: this.field("note")?.value ?? "",
      spent_ms: Math.round(performance.now() - this.began),
      replaces: replaces ? Number(replaces) : null,
    };
  }

  private async send(): Promise<void> {
    if (this.isBusy) return;
    const asked = this.asked();
    if (!asked) {
      this.say("choose");
      return;
    }
    this.isBusy = true;
    this.keep();
    this.say("saving");
    while (this.isBusy) await this.once(asked);
  }

  private async once(asked: MarkGiven): Promise<void> {
    try {
      const kept = await postJson<MarkKept>(this.form.action, asked);
      this.isBusy = false;
      sessionStorage.removeItem(this.place);
      this.go(kept.next);
    } catch (error) {
      if (error instanceof Refusal) {
        this.isBusy = false;
        if (UNSIGNED.includes(error.status)) this.say("signedOut");
        else this.say(null, error.message);
        return;
      }
      this.say("waiting");
      const wait = AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

export function wakeMarking(form: HTMLFormElement, go: (url: string) => void = (url) => location.assign(url)): void {
  new Sheet(form, go);
}
