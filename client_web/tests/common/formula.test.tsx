import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasFormula, linesOf } from "../../src/common/formula";
import { Written } from "../../src/common/formula/Written";
import type { Rich } from "../../src/common/rich";

const NAMED: Readonly<Record<string, string>> = { mfrac: "frac", msqrt: "sqrt", mroot: "root", msup: "sup", msub: "sub", msubsup: "subsup", munder: "under", mover: "over", munderover: "underover" };

/** The tree in letters: formulas in ‹›, rows in {}, everything else by its name. */
function drawn(content: Rich): string {
  return content.map((node) => (typeof node === "string" ? node : branch(node))).join("");
}

function branch({ t, c }: Exclude<Rich[number], string>): string {
  if (["mi", "mn", "mo"].includes(t)) return String(c[0]);
  if (t === "mspace") return " ";
  const inside = c.map((node) => drawn([node])).join(t in NAMED ? "," : "");
  return t === "math" ? `‹${inside}›` : t === "mrow" ? `{${inside}}` : `${NAMED[t] ?? t}(${inside})`;
}

const read = (text: string) => linesOf(text).map(drawn).join("\n");

describe("a formula as it was typed", () => {
  it.each([
    ["x^2-9=(x-3)(x+3)", "‹sup(x,2)−9={(x−3)}{(x+3)}›"],
    ["x² − 9", "‹sup(x,2)−9›"],
    ["3/4", "‹frac(3,4)›"],
    ["x = 1 / 2", "‹x=frac(1,2)›"],
    ["(x+1)/(x-2)", "‹frac({x+1},{x−2})›"],
    ["2 1/2", "‹2frac(1,2)›"],
    ["a/b/c", "‹frac(frac(a,b),c)›"],
    ["sqrt(3)", "‹sqrt(3)›"],
    ["√3 + √(x+1)", "‹sqrt(3)+sqrt({x+1})›"],
    ["sqrt x+1", "‹sqrt(x)+1›"],
    ["root(3)(8)", "‹root(8,3)›"],
    ["∛8", "‹root(8,3)›"],
    ["x<=3", "‹x≤3›"],
    ["x!=2", "‹x≠2›"],
    ["2pir", "‹2πr›"],
    ["sin x / cos x", "‹frac({sin x},{cos x})›"],
    ["sin^2 x + cos^2 x = 1", "‹{sup(sin,2) x}+{sup(cos,2) x}=1›"],
    ["log_2 8 = 3", "‹{sub(log,2) 8}=3›"],
    ["x_1^2", "‹subsup(x,1,2)›"],
    ["x^-1 + e^x^2", "‹sup(x,{−1})+sup(e,sup(x,2))›"],
    ["|x-1| < 2", "‹{|x−1|}<2›"],
    ["||x|-1|", "‹{|{|x|}−1|}›"],
    ["AB || CD", "‹AB∥CD›"],
    ["(-b+-sqrt(D))/(2a)", "‹frac({−b±sqrt(D)},{2a})›"],
    ["lim_(x->0) sin x/x", "‹under(lim,{x→0})frac({sin x},x)›"],
    ["x ∈ (1; 2] ∪ [3; +∞)", "‹x∈{(1;2]}∪{[3;+∞)}›"],
    ["tg 60° = √3", "‹{tg {60°}}=sqrt(3)›"],
    ["vec(AB)", "‹over({AB},→)›"],
    ["3,5x + 0.25", "‹3,5x+0.25›"],
  ])("%s", (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it("reads Cyrillic letters that look Latin as the same letters", () => {
    expect(read("х^2 + у = 5, АВ = 4")).toBe(read("x^2 + y = 5, AB = 4"));
  });
});

describe("words beside formulas", () => {
  it.each([
    ["Демек, x = 5 жана y=2. Жообу: 7", "Демек, ‹x=5› жана ‹y=2›. Жообу: 7"],
    ["2023-жылы 5 км болду", "2023-жылы 5 км болду"],
    ["жообу - а", "жообу - а"],
    ["и (x+1) в 5 раз", "и ‹{(x+1)}› в 5 раз"],
    ["(см. сүрөт)", "(см. сүрөт)"],
    ["а) 5 см^2", "а) ‹5sup(см,2)›"],
    ["The answer is x=2, so y = 3", "The answer is ‹x=2›, so ‹y=3›"],
    ["x=1\n\n 1. Биринчи", "‹x=1›\n\n 1. Биринчи"],
  ])("%j", (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it("are all there is where nothing is drawn otherwise", () => {
    expect(hasFormula(linesOf("Жообу: 7\n(2023)"))).toBe(false);
    expect(hasFormula(linesOf("Жообу: 7\nx=7"))).toBe(true);
  });
});

describe("what makes no formula", () => {
  it.each([
    ["x^", "‹x^›"],
    ["3/", "‹3/›"],
    ["((", "(("],
    ["sqrt", "‹√›"],
    [")", ")"],
    ["||||", "||||"],
    ["x = |", "‹x=|›"],
    ["|(x|", "‹{|{(x|}}›"],
    ["^2", "‹^2›"],
    ["a = b /", "‹a=b/›"],
    ["x^^2", "‹x^^2›"],
    ["(x", "‹{(x}›"],
    ["√√√", "‹sqrt(sqrt(√))›"],
  ])("%s stands as it is", (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it("neither stops the page nor takes long, however it is nested", () => {
    for (const part of ["(", "|", "x^", "sqrt ", "1/", "sin ", "[|", "√", "x_", "f(", "2("]) {
      expect(() => linesOf(part.repeat(900))).not.toThrow();
    }
    expect(linesOf("x".repeat(2001))).toEqual([["x".repeat(2001)]]);
  });
});

describe("on the page", () => {
  let root: HTMLElement;
  const show = (text: string) => void act(() => render(<Written text={text} label="Read" />, root));

  beforeEach(() => {
    root = document.createElement("div");
    document.body.append(root);
  });

  afterEach(() => void act(() => render(null, root)));

  it("has elements of MathML and paragraphs, and nothing that was typed becomes one", () => {
    show(`x^2 <img src=x onerror=alert(1)> "a"<script>alert(1)</script> [x](javascript:alert(1)) <a href="//e">5</a>`);
    const names = new Set([...root.querySelectorAll("*")].map(({ localName }) => localName));
    expect([...names].filter((name) => !["div", "p"].includes(name) && !name.startsWith("m"))).toEqual([]);
    const attributes = [...root.querySelectorAll("math, math *")].flatMap((each) => each.getAttributeNames());
    expect(attributes.filter((name) => !["stretchy", "form", "width", "accent"].includes(name))).toEqual([]);
    expect(root.textContent).toContain("onerror");
  });

  it("shows nothing where all of it reads as typed, and a line for each line where not", () => {
    show("Жообу: 7");
    expect(root.innerHTML).toBe("");
    show("x^2\nЖообу: 7");
    expect([...root.querySelectorAll(".written__line")].map(({ textContent }) => textContent)).toEqual(["x2", "Жообу: 7"]);
    expect(root.querySelector("math msup")).not.toBeNull();
  });
});
