// A text with gaps: each filled from a drop-down of its own, or from the words below.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { RichText, plainText } from "../../common/rich";
import { placesOf, type ItemProps } from "./props";

export function Menus({ item, name, draft, isLocked, onEdit }: ItemProps): VNode {
  const places = placesOf(draft);
  const put = (slot: string, option: string) => onEdit({ kind: "places", places: withSlot(places, slot, option) });
  const menu = (id: string) => {
    const allowed = item.slots.find((slot) => slot.id === id)?.option_ids ?? [];
    return (
      <select
        key={`${name}-${id}`}
        class="gap gap--menu"
        aria-label={_("Gap %(n)s", { n: id })}
        disabled={isLocked}
        value={places[id] ?? ""}
        onChange={(event) => put(id, event.currentTarget.value)}
      >
        <option value="">—</option>
        {item.options
          .filter((option) => allowed.includes(option.id))
          .map((option) => (
            <option key={option.id} value={option.id}>
              {plainText(option.content)}
            </option>
          ))}
      </select>
    );
  };
  return <RichText content={item.stem} gap={menu} />;
}

/** One gap waits for a word; a word that is pressed goes into it, and the next empty gap waits. */
export function Words(props: ItemProps): VNode {
  const { item, name, draft, isLocked, onEdit } = props;
  const places = placesOf(draft);
  const [asked, setAsked] = useState<string | null>(null);
  const waiting = asked ?? item.slots.find(({ id }) => !places[id])?.id ?? null;
  const word = (id: string | undefined) => item.options.find((option) => option.id === id);
  const heard = (id: string | undefined) => word(id)?.spoken ?? plainText(word(id)?.content ?? []);
  const open = (slot: string) => {
    if (isLocked) return;
    if (places[slot]) onEdit({ kind: "places", places: withSlot(places, slot, "") });
    setAsked(slot);
  };
  const put = (option: string) => {
    if (isLocked || !waiting) return;
    const from = Object.keys(places).find((slot) => places[slot] === option);
    onEdit({ kind: "places", places: withSlot(from ? withSlot(places, from, "") : places, waiting, option) });
    announce(_("Gap %(n)s: %(text)s", { n: waiting, text: heard(option) }));
    setAsked(null);
  };
  const gap = (id: string) => (
    <button
      key={`${name}-${id}`}
      type="button"
      class={`gap gap--word ${waiting === id ? "gap--waiting" : places[id] ? "gap--filled" : ""}`}
      aria-label={_("Gap %(n)s: %(text)s", { n: id, text: heard(places[id]) || _("empty") })}
      aria-pressed={waiting === id}
      aria-disabled={isLocked}
      onClick={() => open(id)}
    >
      {places[id] ? <RichText content={word(places[id])?.content ?? []} /> : id}
    </button>
  );
  return (
    <>
      <RichText content={item.stem} gap={gap} />
      <div class="words" role="group" aria-label={_("Words")}>
        {item.options.map((option) => {
          const isUsed = Object.values(places).includes(option.id);
          return (
            <button key={option.id} type="button" class={isUsed ? "words__word words__word--used" : "words__word"} aria-disabled={isLocked || !waiting} onClick={() => put(option.id)}>
              <RichText content={option.content} spoken={option.spoken} />
              {isUsed && <span class="govuk-visually-hidden"> {_("(already in the text)")}</span>}
            </button>
          );
        })}
      </div>
    </>
  );
}

/** The places with `option` in the slot; an empty one clears it. */
function withSlot(places: Readonly<Record<string, string>>, slot: string, option: string): Readonly<Record<string, string>> {
  const others = Object.entries(places).filter(([id]) => id !== slot);
  return Object.fromEntries(option ? [...others, [slot, option]] : others);
}
