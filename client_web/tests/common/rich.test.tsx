import { render } from "preact";
import { describe, expect, it } from "vitest";
import { FigureOf, RichText, plainText, type Rich } from "../../src/common/rich";

function draw(content: Rich, spoken: string | null = null): HTMLElement {
  const root = document.createElement("div");
  document.body.append(root);
  render(<RichText content={content} spoken={spoken} />, root);
  return root;
}

const element = (t: string, a: Record<string, string> = {}, ...c: Rich) => ({ t, a, c });

describe("RichText", () => {
  it("draws text, emphasis and order as given", () => {
    const root = draw(["a ", element("em", {}, "b"), " c"]);
    expect(root.textContent).toBe("a b c");
    expect(root.querySelector("em")?.textContent).toBe("b");
  });

  it("puts formulas into the namespace of MathML", () => {
    const root = draw([element("math", {}, element("mfrac", {}, element("mi", {}, "x"), element("mn", {}, "2")))]);
    for (const tag of ["math", "mfrac", "mi"]) {
      expect(root.querySelector(tag)?.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
    }
  });

  it("never parses markup that stands in a text", () => {
    const root = draw(["<img src=x onerror=alert(1)>"]);
    expect(root.querySelector("img")).toBeNull();
    expect(root.textContent).toContain("onerror");
  });

  it.each(["script", "style", "iframe", "object", "annotation"])("leaves out %s with all it holds", (tag) => {
    const root = draw([element("p", {}, "a", element(tag, {}, "evil()"))]);
    expect(root.textContent).toBe("a");
  });

  it("keeps the children of an element it does not know", () => {
    const root = draw([element("marquee", {}, "still ", element("strong", {}, "here"))]);
    expect(root.innerHTML).toBe("still <strong>here</strong>");
  });

  it("keeps only known attributes", () => {
    const root = draw([element("p", { lang: "ky", onclick: "evil()", style: "color:red", class: "x", href: "javascript:x" }, "a")]);
    expect([...(root.querySelector("p")?.attributes ?? [])].map(({ name }) => name)).toEqual(["lang"]);
  });

  it.each([
    ["/media/1.png", "/media/1.png"],
    ["//elsewhere.example/1.png", null],
    ["https://elsewhere.example/1.png", null],
    ["javascript:evil()", null],
  ])("shows a picture from here alone: %s", (src, shown) => {
    const root = draw([element("img", { src, alt: "plan" })]);
    expect(root.querySelector("img")?.getAttribute("src")).toBe(shown);
  });

  it("says in words what a screen reader would not hear", () => {
    const root = draw([element("math", {}, element("mi", {}, "x"))], "x");
    expect(root.querySelector("[aria-hidden]")?.querySelector("math")).not.toBeNull();
    expect(root.querySelector(".govuk-visually-hidden")?.textContent).toBe("x");
  });
});

describe("formulas and figures", () => {
  const formula = element("math", { alttext: "икс" }, element("mi", {}, "x"));

  it("are heard in the author's words, each once", () => {
    const root = draw([element("p", {}, "a ", formula)]);
    expect(root.querySelector("math")?.getAttribute("aria-hidden")).toBe("true");
    expect(root.querySelector(".govuk-visually-hidden")?.textContent).toBe(" икс ");
    expect(draw([formula], "икс").querySelectorAll(".govuk-visually-hidden")).toHaveLength(1);
  });

  it("stand where they are named, outside of a paragraph", () => {
    const root = document.createElement("div");
    const figure = element("p", {}, element("figure", { id: "map" }));
    render(
      <FigureOf.Provider value={(id) => <img alt={id} />}>
        <RichText content={[figure]} />
      </FigureOf.Provider>,
      root,
    );
    expect(root.innerHTML).toBe('<div><img alt="map"></div>');
    expect(draw([figure]).innerHTML).toBe("<div></div>");
  });
});

describe("plainText", () => {
  it("is the text without its elements", () => expect(plainText(["a", element("b", {}, "b", element("i", {}, "c"))])).toBe("abc"));
});
