import { afterEach, describe, expect, it } from "vitest";
import { _, language, ngettext, preferredLanguage, rememberLanguage, useCatalogue } from "../../src/common/i18n";

const ru = {
  Next: "Далее",
  "Seat %(seat)s of %(count)s": "Из %(count)s место %(seat)s",
  "%(n)s minute": { one: "%(n)s минута", few: "%(n)s минуты", many: "%(n)s минут", other: "%(n)s минут" },
};

describe("i18n", () => {
  afterEach(() => (document.cookie = "synak_lang=; max-age=0; path=/"));

  it("translates, and fills in by name", () => {
    useCatalogue("ru", ru);
    expect(_("Next")).toBe("Далее");
    expect(_("Seat %(seat)s of %(count)s", { seat: 14, count: 50 })).toBe("Из 50 место 14");
    expect(document.documentElement.lang).toBe("ru");
    expect(language()).toBe("ru");
  });

  it("falls back to the English sentence", () => {
    useCatalogue("ru", ru);
    expect(_("Not known: %(what)s", { what: "this" })).toBe("Not known: this");
    expect(ngettext("%(n)s seat", "%(n)s seats", 2)).toBe("2 seats");
  });

  it.each([
    [1, "1 минута"],
    [2, "2 минуты"],
    [5, "5 минут"],
    [11, "11 минут"],
    [21, "21 минута"],
    [104, "104 минуты"],
  ])("counts %i as Russian does", (n, text) => {
    useCatalogue("ru", ru);
    expect(ngettext("%(n)s minute", "%(n)s minutes", n)).toBe(text);
  });

  it("counts in Kyrgyz, whatever the browser knows", () => {
    useCatalogue("ky", { "%(n)s minute": { one: "%(n)s мүнөт", other: "%(n)s мүнөт" } });
    expect([1, 2, 5].map((n) => ngettext("%(n)s minute", "%(n)s minutes", n))).toEqual(["1 мүнөт", "2 мүнөт", "5 мүнөт"]);
  });

  it("leaves what is no parameter alone", () => {
    expect(_("100 % of %(what)s", {})).toBe("100 % of %(what)s");
  });

  it("prefers what was remembered, then the page, then Kyrgyz", () => {
    expect(preferredLanguage("ru")).toBe("ru");
    expect(preferredLanguage("xx")).toBe("ky");
    rememberLanguage("en");
    expect(preferredLanguage("ru")).toBe("en");
  });
});
