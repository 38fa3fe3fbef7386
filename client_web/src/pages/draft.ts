// A blueprint's draft says what contradicts itself while it is written. Saving is the form's own; without script the
// page says the same once it is saved.
import { postJson } from "../common/api";
import type { DraftAsk, DraftProblem, DraftReply } from "../common/wire";

const PAUSE_MS = 400;

type Field = HTMLInputElement | HTMLSelectElement;

/** The fields of the form as they stand, without what the form itself needs. */
export function asked(form: HTMLFormElement): DraftAsk {
  const fields: Record<string, string> = {};
  let run: number | null = null;
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || name === "csrf_token" || name === "revision") continue;
    if (name === "run") run = Number(value) || null;
    else fields[name] = value;
  }
  return { fields, run };
}

/** Each field shows what is wrong with it, or nothing. */
function showAtFields(form: HTMLFormElement, problems: readonly DraftProblem[]): void {
  const wrong = new Map<string, string>();
  for (const each of problems) if (!wrong.has(each.place)) wrong.set(each.place, each.message);
  for (const group of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const name = group.dataset["field"] ?? "";
    const message = wrong.get(name);
    const said = group.querySelector<HTMLElement>(".govuk-error-message");
    const field = group.querySelector<Field>("input, select");
    group.classList.toggle("govuk-form-group--error", message !== undefined);
    if (said) {
      said.textContent = message ?? "";
      said.hidden = message === undefined;
    }
    field?.classList.toggle("govuk-input--error", message !== undefined && field instanceof HTMLInputElement);
    if (message === undefined) field?.removeAttribute("aria-invalid");
    else field?.setAttribute("aria-invalid", "true");
  }
}

function showList(list: HTMLElement, problems: readonly DraftProblem[]): void {
  list.replaceChildren(
    ...problems.map((each) => {
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = `#${each.place}`;
      link.textContent = each.message;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

class Draft {
  private timer = 0;
  private asking: AbortController | null = null;
  private kept: string;

  constructor(private readonly form: HTMLFormElement) {
    this.kept = this.now();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => (this.kept = this.now()));
    form.addEventListener("click", (event) => this.opened(event));
    addEventListener("beforeunload", (event) => {
      if (this.form.isConnected && this.now() !== this.kept) event.preventDefault();
    });
  }

  private now(): string {
    return JSON.stringify(asked(this.form));
  }

  private changed(): void {
    const state = this.form.querySelector<HTMLElement>("[data-state]");
    const which = this.now() === this.kept ? "saved" : "unsaved";
    if (state) state.textContent = this.form.dataset[which] ?? "";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), PAUSE_MS);
  }

  private async check(): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const found = await postJson<DraftReply>(this.form.dataset["draft"] ?? "", asked(this.form), { signal: asking.signal });
      this.show(found);
    } catch {
      // The next key asks again; saving tells it all in any case.
    }
  }

  private show(found: DraftReply): void {
    const verdict = this.form.querySelector<HTMLElement>("[data-verdict]");
    const list = this.form.querySelector<HTMLElement>("[data-problems]");
    if (verdict && verdict.textContent !== found.verdict) verdict.textContent = found.verdict;
    if (list) showList(list, [...found.problems, ...found.supply]);
    showAtFields(this.form, found.problems);
  }

  /** A link to a field inside a closed fold opens it first. */
  private opened(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-problems] a") : null;
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  }
}

export function wakeDraft(form: HTMLFormElement): void {
  new Draft(form);
}
