// Candidates are moved on the plan of a room: by dragging, by clicks, or by arrows and Enter. What is chosen is put
// into the form beside the plan and sent; the server moves, judges, and draws the page anew.
export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
interface Spot {
  element: SVGGElement;
  x: number;
  y: number;
}
const AXES: Record<Direction, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const ASIDE = 3; // what lies aside counts so much more than what lies ahead

/** The nearest spot in a direction, or none. */
export function ahead<T extends { x: number; y: number }>(from: T, all: readonly T[], direction: Direction): T | undefined {
  const [dx, dy] = AXES[direction];
  let best: T | undefined;
  let least = Infinity;
  for (const each of all) {
    const along = (each.x - from.x) * dx + (each.y - from.y) * dy;
    const aside = Math.abs((each.x - from.x) * dy) + Math.abs((each.y - from.y) * dx);
    const far = along + ASIDE * aside;
    if (along > 0 && far < least) [best, least] = [each, far];
  }
  return best;
}

/** What is drawn on the desk, shortened to fit, then the same in full: who speaks to the computer says what they see. */
function fullName(seat: SVGGElement): string {
  const drawn = [...seat.querySelectorAll("text")].map((text) => text.textContent?.trim()).filter(Boolean);
  return [drawn.join(" "), seat.dataset["words"]].filter(Boolean).join(": ");
}

class Seating {
  private readonly spots: Spot[];
  private taken: Spot | null = null;
  private dragged: Spot | null = null;

  constructor(
    root: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly said: HTMLElement,
  ) {
    this.spots = [...root.querySelectorAll<SVGGElement>("[data-seat]")].map((element) => ({
      element, x: Number(element.dataset["x"]), y: Number(element.dataset["y"]),
    }));
    root.querySelector("svg")?.setAttribute("role", "group");
    for (const spot of this.spots) {
      spot.element.setAttribute("role", "button");
      spot.element.setAttribute("aria-label", fullName(spot.element));
      spot.element.setAttribute("tabindex", "-1");
      for (const text of spot.element.querySelectorAll("text")) text.setAttribute("aria-hidden", "true");
    }
    root.addEventListener("keydown", (event) => this.pressed(event));
    root.addEventListener("pointerdown", (event) => this.grasped(event));
    root.addEventListener("pointermove", (event) => this.hovered(event));
    document.addEventListener("pointerup", (event) => this.dropped(event));
    document.addEventListener("pointercancel", () => {
      this.dragged = null;
      this.mark(null);
    });
    const back = this.spots.find((spot) => `#${spot.element.id}` === location.hash);
    const first = back ?? this.spots[0];
    if (first) this.reach(first);
    if (back) back.element.focus();
  }

  private spotOf(target: EventTarget | null): Spot | undefined {
    const element = target instanceof Element ? target.closest("[data-seat]") : null;
    return this.spots.find((spot) => spot.element === element);
  }

  private reach(spot: Spot): void {
    for (const each of this.spots) each.element.setAttribute("tabindex", each === spot ? "0" : "-1");
  }

  private pressed(event: KeyboardEvent): void {
    const spot = this.spotOf(event.target);
    if (!spot) return;
    if (event.key === "Escape" && this.taken) this.putBack();
    else if (event.key === "Enter" || event.key === " ") this.choose(spot);
    else if (event.key in AXES) this.go(ahead(spot, this.spots, event.key as Direction));
    else return;
    event.preventDefault();
  }

  private go(spot: Spot | undefined): void {
    if (!spot) return;
    this.reach(spot);
    spot.element.focus();
  }

  private choose(spot: Spot): void {
    if (this.taken === spot) this.putBack();
    else if (spot.element.dataset["kept"] !== undefined) this.say("kept");
    else if (this.taken) this.send(this.taken, spot);
    else if (spot.element.dataset["session"]) this.take(spot);
  }

  private take(spot: Spot): void {
    this.taken = spot;
    spot.element.setAttribute("aria-pressed", "true");
    this.say("taken", spot.element.dataset["words"]);
  }

  private putBack(): void {
    this.taken?.element.removeAttribute("aria-pressed");
    this.taken = null;
    this.say("back");
  }

  private say(what: string, seat = ""): void {
    this.said.textContent = (this.said.dataset[what] ?? "").replace("{seat}", () => seat);
  }

  private send(from: Spot, to: Spot): void {
    const fields = this.form.elements;
    const session = fields.namedItem("session");
    const seat = fields.namedItem("seat_id");
    if (!(session instanceof HTMLSelectElement && seat instanceof HTMLSelectElement)) return;
    session.value = from.element.dataset["session"] ?? "";
    seat.value = to.element.dataset["seat"] ?? "";
    this.form.requestSubmit();
  }

  private grasped(event: PointerEvent): void {
    const spot = this.spotOf(event.target);
    if (!spot || event.button !== 0) return;
    event.preventDefault(); // no text is marked while a candidate is dragged
    this.dragged = spot;
    this.go(spot);
  }

  private hovered(event: PointerEvent): void {
    if (this.dragged) this.mark(this.under(event) ?? null);
  }

  private dropped(event: PointerEvent): void {
    const [from, to] = [this.dragged, this.under(event)];
    this.dragged = null;
    this.mark(null);
    if (!from || !to) return;
    if (from === to) {
      this.choose(to);
      return;
    }
    if (this.taken) this.putBack();
    this.choose(from);
    if (this.taken === from) this.choose(to);
  }

  private under(event: PointerEvent): Spot | undefined {
    return this.spotOf(document.elementFromPoint(event.clientX, event.clientY));
  }

  private mark(over: Spot | null): void {
    for (const each of this.spots) each.element.classList.toggle("room-plan__seat--over", each === over);
  }
}

/** The plan can be changed, if the page has the form and the line that says what was done. */
export function wakeSeating(root: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("form[data-move]");
  const said = document.getElementById("plan-said");
  document.getElementById("plan-help")?.removeAttribute("hidden");
  if (form && said) new Seating(root, form, said);
}
