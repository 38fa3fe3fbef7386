// A candidate's writing at the office: as it was typed by the server, its formulas drawn beneath as the candidate saw them.
import { render } from "preact";
import { Written } from "../common/formula/Written";

/** Each `<div data-formulas="…" data-label="…">` shows the text that it names by id. */
export function showFormulas(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-formulas]")) {
    const typed = document.getElementById(place.dataset["formulas"] ?? "")?.textContent ?? "";
    render(<Written text={typed} label={place.dataset["label"] ?? ""} />, place);
  }
}
