// The draft's page: what it asks while somebody writes, and where it shows the answer.
import { beforeEach, expect, test, vi } from "vitest";
import { asked, wakeDraft } from "../../src/pages/draft";

const PAGE = `
<form data-draft="/check" data-unsaved="unsaved" data-saved="saved">
  <input type="hidden" name="csrf_token" value="t"><input type="hidden" name="revision" value="3">
  <p data-verdict>fine</p><ul data-problems></ul><span data-state></span>
  <select name="run"><option value="7" selected></option></select>
  <div data-field="length"><p class="govuk-error-message" hidden></p><input id="length" name="length" value="6"></div>
  <details><summary>more</summary><div data-field="slow"><p class="govuk-error-message" hidden></p><input id="slow" name="slow" value=""></div></details>
</form>`;

function page(): HTMLFormElement {
  document.body.innerHTML = PAGE;
  return document.querySelector("form")!;
}

beforeEach(() => {
  vi.useFakeTimers();
});

function replies(body: object): ReturnType<typeof vi.fn> {
  const spy = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status: 200 })));
  vi.stubGlobal("fetch", spy);
  return spy;
}

test("what is asked has the fields and the calibration, not the form's own", () => {
  expect(asked(page())).toEqual({ fields: { length: "6", slow: "" }, run: 7 });
});

test("a pause in writing asks once, and the answer stands at its field and in the list", async () => {
  const form = page();
  const fetched = replies({
    problems: [{ place: "length", message: "Too long." }], supply: [{ place: "slow", message: "Too slow." }],
    is_feasible: false, verdict: "not yet",
  });
  wakeDraft(form);
  const field = form.querySelector<HTMLInputElement>("#length")!;
  for (const text of ["60", "600"]) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  expect(form.querySelector("[data-state]")!.textContent).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(500);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(form.querySelector("[data-verdict]")!.textContent).toBe("not yet");
  expect([...form.querySelectorAll("li")].map((each) => each.textContent)).toEqual(["Too long.", "Too slow."]);
  const said = form.querySelector<HTMLElement>("[data-field=length] .govuk-error-message")!;
  expect([said.textContent, said.hidden, field.getAttribute("aria-invalid")]).toEqual(["Too long.", false, "true"]);
  // What the items lack is no fault of the field.
  expect(form.querySelector<HTMLElement>("[data-field=slow] .govuk-error-message")!.hidden).toBe(true);
});

test("what is corrected is clean again, and going back to what was saved says so", async () => {
  const form = page();
  replies({ problems: [], supply: [], is_feasible: true, verdict: "fine" });
  wakeDraft(form);
  const field = form.querySelector<HTMLInputElement>("#length")!;
  field.setAttribute("aria-invalid", "true");
  field.value = "7";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(500);
  expect(field.hasAttribute("aria-invalid")).toBe(false);
  field.value = "6";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(form.querySelector("[data-state]")!.textContent).toBe("saved");
});

test("a link to a field in a fold opens the fold", () => {
  const form = page();
  wakeDraft(form);
  form.querySelector("ul")!.innerHTML = '<li><a href="#slow">Too slow.</a></li>';
  form.querySelector<HTMLAnchorElement>("a")!.click();
  expect(form.querySelector("details")!.open).toBe(true);
  expect(document.activeElement?.id).toBe("slow");
});

test("leaving with changes asks, leaving without does not", () => {
  const form = page();
  wakeDraft(form);
  const leave = (): boolean => dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(leave()).toBe(true);
  form.querySelector<HTMLInputElement>("#length")!.value = "9";
  expect(leave()).toBe(false);
  form.dispatchEvent(new Event("submit"));
  expect(leave()).toBe(true);
});
