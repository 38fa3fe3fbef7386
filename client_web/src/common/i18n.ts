// Text in the reader's language. English sentences are the keys; a catalogue is loaded when its language is chosen.
import { signal } from "@preact/signals";
import type { Language } from "./wire";

type Params = Readonly<Record<string, string | number>>;
/** A translation, or for a counted sentence its plural forms by Intl.PluralRules category. */
export type Catalogue = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export const LANGUAGES: Readonly<Record<Language, string>> = { ky: "Кыргызча", ru: "Русский", en: "English" };
const COOKIE = "synak_lang";
const YEAR_S = 31_536_000;

const current = signal<{ language: Language; catalogue: Catalogue }>({ language: "en", catalogue: {} });
const files = import.meta.glob<Catalogue>("../locale/*.json", { import: "default" });

/** The language now shown; reading it in a view redraws the view on change, as `_` does. */
export function language(): Language {
  return current.value.language;
}

/** The sentence in the current language, with `%(name)s` filled in. */
export function _(msgid: string, params: Params = {}): string {
  const found = current.value.catalogue[msgid];
  return fill(typeof found === "string" && found !== "" ? found : msgid, params);
}

/** The sentence for a count; `%(n)s` is filled with it. */
export function ngettext(one: string, many: string, n: number, params: Params = {}): string {
  const { language, catalogue } = current.value;
  const forms = catalogue[one];
  const category = pluralRules(language).select(n);
  const own = typeof forms === "object" ? (forms[category] ?? forms["other"]) : undefined;
  return fill(own || (category === "one" ? one : many), { n, ...params });
}

function fill(text: string, params: Params): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** A browser built without Kyrgyz data would quietly use its own language's rules; English ones fit Kyrgyz. */
function pluralRules(language: Language): Intl.PluralRules {
  const known = Intl.PluralRules.supportedLocalesOf([language], { localeMatcher: "lookup" });
  return new Intl.PluralRules(known[0] ?? "en");
}

/** Show `language` from now on. If its catalogue cannot be fetched the present language stays and this throws. */
export async function setLanguage(language: Language): Promise<void> {
  const load = files[`../locale/${language}.json`];
  useCatalogue(language, language === "en" || !load ? {} : await load());
}

export function useCatalogue(language: Language, catalogue: Catalogue): void {
  current.value = { language, catalogue };
  document.documentElement.lang = language;
}

export function rememberLanguage(language: Language): void {
  document.cookie = `${COOKIE}=${language}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

/** What was remembered, else what the page was made for, else Kyrgyz. */
export function preferredLanguage(ofPage: string | undefined): Language {
  const remembered = new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(document.cookie)?.[1];
  return [remembered, ofPage].find(isLanguage) ?? "ky";
}

export function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && Object.hasOwn(LANGUAGES, text);
}
