// Figures of a page are fetched again, never under somebody's hands.
import { beforeEach, expect, test, vi } from "vitest";
import { renew } from "../../src/pages/fresh";

const parts = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>("[data-fresh]");

/** A server that answers with this page from that address; null: it cannot be reached. */
function answering(html: string | null, from = location.href): void {
  class Request {
    status = 200;
    responseURL = from;
    responseType = "";
    responseXML = html === null ? null : new DOMParser().parseFromString(html, "text/html");
    onload?: () => void;
    onerror?: () => void;
    open(): void {}
    setRequestHeader(): void {}
    send(): void {
      if (html === null) this.onerror?.();
      else this.onload?.();
    }
  }
  vi.stubGlobal("XMLHttpRequest", Request);
}

beforeEach(() => {
  document.body.innerHTML = '<div data-fresh="a" id="a"><p>1 of 5</p><a href="#x">x</a></div>';
  answering('<main><div data-fresh="a" id="a"><p>2 of 5</p></div></main>');
});

const shown = (): string | null | undefined => document.querySelector("p")?.textContent;

test("the newer figures stand", async () => {
  await renew(parts());
  expect(shown()).toBe("2 of 5");
});

test("what has the focus is left alone", async () => {
  document.querySelector("a")?.focus();
  await renew(parts());
  expect(shown()).toBe("1 of 5");
});

test("without an answer nothing changes", async () => {
  answering(null);
  await renew(parts());
  expect(shown()).toBe("1 of 5");
});

test("who was signed out meanwhile sees no other page in the place of this one", async () => {
  answering('<div id="a">Sign in</div>', "https://elsewhere.example/sign-in");
  await renew(parts());
  expect(shown()).toBe("1 of 5");
});
