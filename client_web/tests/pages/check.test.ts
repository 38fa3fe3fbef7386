// The code behind the mark of the address is typed in, taken away from the address, and sent; without one nothing happens.
import { beforeEach, expect, test, vi } from "vitest";
import { wakeCheck } from "../../src/pages/check";

const form = document.createElement("form");
const sent = vi.fn((event: Event) => event.preventDefault());
form.addEventListener("submit", sent);
document.body.append(form);
const replaceState = vi.fn<History["replaceState"]>();

beforeEach(() => {
  sent.mockClear();
  replaceState.mockClear();
  form.innerHTML = '<input name="code" maxlength="80">';
});

const typed = (): string | undefined => form.querySelector("input")?.value;

test("a code is typed in, leaves the address, and is sent once", () => {
  wakeCheck(form, { hash: "#ABCDE-01234", pathname: "/check" }, { replaceState });
  expect(typed()).toBe("ABCDE-01234");
  expect(replaceState).toHaveBeenCalledWith(null, "", "/check");
  expect(sent).toHaveBeenCalledOnce();
});

test("without a code the form waits for somebody", () => {
  wakeCheck(form, { hash: "", pathname: "/check" }, { replaceState });
  expect(typed()).toBe("");
  expect(sent).not.toHaveBeenCalled();
});

test("what is no code is cut to what the field takes", () => {
  wakeCheck(form, { hash: `#${"x".repeat(500)}`, pathname: "/check" }, { replaceState });
  expect(typed()).toHaveLength(80);
});
