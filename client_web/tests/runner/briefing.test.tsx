// What is told to everybody of the sitting stands in the briefing, what was decided for one candidate beside it.
import { expect, test } from "vitest";
import { render } from "preact";
import { briefing } from "../../src/runner/briefing";
import { Conditions } from "../../src/runner/view/Times";
import { FakeServer } from "./server";

test("that questions are tried out is told under its clause, and is no condition of one's own", () => {
  const server = new FakeServer();
  server.conditions = [
    { effect: "extra_percent", words: "Extra time: 25 %" },
    { effect: "told", words: "Some questions are being tried out." },
  ];
  const state = server.state();
  const rules = briefing(state).find((step) => step.id === "answering")?.allowed ?? [];
  expect(rules.at(-1)).toEqual({ text: "Some questions are being tried out.", clause: "DC-8" });
  render(<Conditions state={state} />, document.body);
  expect(document.body.textContent).toContain("Extra time");
  expect(document.body.textContent).not.toContain("tried out");
});
