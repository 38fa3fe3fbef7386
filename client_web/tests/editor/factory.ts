// A choice item in two languages, its manuscript, and a server that keeps it.
import type { ItemSource, Language, Looks, Manuscript, TextSource } from "../../src/common/wire";

export function makeText(language: Language, changes: Partial<TextSource> = {}): TextSource {
  const options = [1, 2, 3, 4].map((n) => `${language} ${n}`);
  return { stem: `Суроо ${language}`, options, accepted: [], prompts: [], menus: [], passage: null, figures: {}, picture: null, recording: null, rubric: "", ...changes };
}

export function makeItem(changes: Partial<ItemSource> = {}, text: Partial<TextSource> = {}): ItemSource {
  return {
    code: "MAT-1", subject: "mathematics", tier: "basic", area: "numbers", type: "choice", family: null, passage: null, is_demonstration: false,
    number: null, tolerance: null, n_right: 1, words: [null, null], areas: [], shuffle: true,
    texts: { ky: makeText("ky", text), ru: makeText("ru", text) },
    ...changes,
  };
}

export function makeManuscript(changes: Partial<Manuscript> = {}): Manuscript {
  return {
    id: 7, code: "MAT-1", number: 1, state: "draft", revision: 1, purpose: "author", origin: "ky", item: makeItem(), writes: ["ky", "ru"],
    may_classify: true, stale: [], missing: [], made_from: {}, areas: [{ code: "numbers", title: "Numbers" }], shares_passage: [], said: [], reader: "Назгүл",
    opened_at: "22.11.2026 10:00", mark: "K7RM-2XPA",
    ...changes,
  };
}

export const LOOKS: Looks = { view: null, recording: null, problem: "Nothing yet", key: null, rubric: null, remarks: [] };
