// Figures of a page are fetched again, never under somebody's hands.
import { beforeEach, expect, test, vi } from "vitest";
import { renew } from "../../src/pages/fresh";

const parts = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>("[data-fresh]");

beforeEach(() => {
  document.body.innerHTML = '<div data-fresh="a" id="a"><p>1 of 5</p><a href="#x">x</a></div>';
  const page = '<main><div data-fresh="a" id="a"><p>2 of 5</p></div></main>';
  vi.stubGlobal("fetch", async () => new Response(page, { headers: { "Content-Type": "text/html" } }));
});

test("the newer figures stand", async () => {
  await renew(parts());
  expect(document.querySelector("p")?.textContent).toBe("2 of 5");
});

test("what has the focus is left alone", async () => {
  document.querySelector("a")?.focus();
  await renew(parts());
  expect(document.querySelector("p")?.textContent).toBe("1 of 5");
});

test("without an answer nothing changes", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new Error("offline")));
  await renew(parts());
  expect(document.querySelector("p")?.textContent).toBe("1 of 5");
});
