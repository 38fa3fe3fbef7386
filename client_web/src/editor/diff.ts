// What changed between two texts, word by word: the shortest way from one to the other.

export interface Run {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

export function difference(before: string, after: string): Run[] {
  const one = words(before);
  const other = words(after);
  // lengths[i][j]: how many words the rests of both have in common, in their order.
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const runs: Run[] = [];
  const add = (kind: Run["kind"], text: string) => {
    const last = runs.at(-1);
    if (last?.kind === kind) runs[runs.length - 1] = { kind, text: last.text + text };
    else runs.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      add("same", one[i]!);
      i += 1;
      j += 1;
    } else if (i < one.length && (j === other.length || at(i + 1, j) >= at(i, j + 1))) add("gone", one[i++]!);
    else add("new", other[j++]!);
  }
  return runs;
}

/** Words with the spaces after them; formulas are one word. */
function words(text: string): string[] {
  return text.match(/\$[^$]*\$\s*|\S+\s*|\s+/gu)?.slice(0, 3000) ?? [];
}
