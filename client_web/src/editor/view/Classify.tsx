// What the item is of: type, tier, area, its family of enemies and the passage it is read beside.
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { ItemSource, Tier } from "../../common/wire";
import { everyText, withType } from "../change";
import { useEditor } from "./context";

const TYPES: readonly ItemSource["type"][] = ["choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "hotspot", "text_entry", "extended_text"];
const TIERS: readonly Tier[] = ["basic", "medium", "raised"];

export function typeName(type: ItemSource["type"]): string {
  switch (type) {
    case "choice":
      return _("Choice");
    case "multiple_choice":
      return _("Several right answers");
    case "matching":
      return _("Matching");
    case "ordering":
      return _("Putting in order");
    case "inline_choice":
      return _("Drop-downs in a text");
    case "gap_match":
      return _("Words into gaps");
    case "hotspot":
      return _("Places on a picture");
    case "text_entry":
      return _("Short answer");
    case "extended_text":
      return _("Written task");
  }
}

export function tierName(tier: Tier): string {
  switch (tier) {
    case "basic":
      return _("Basic");
    case "medium":
      return _("Medium");
    case "raised":
      return _("Raised");
  }
}

const nameOf = (typed: string) => typed.trim().toLowerCase().replace(/[^a-z0-9-]+/gu, "-").slice(0, 40) || null;

export function Classify({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const opened = editor.opened.value;
  const areas = opened?.areas ?? [];
  const shared = opened?.shares_passage ?? [];
  return (
    <details class="more" open={false}>
      <summary>
        {_("Type, tier, area")}: {typeName(item.type)}, {tierName(item.tier)}, {areas.find(({ code }) => code === item.area)?.title ?? item.area}
      </summary>
      <div class="numbers">
        <Select label={_("Type of item")} value={item.type} onChange={(type) => editor.edit((now) => withType(now, type))} options={TYPES.map((type) => [type, typeName(type)] as const)} />
        <Select label={_("Tier")} value={item.tier} onChange={(tier) => editor.edit((now) => ({ ...now, tier }))} options={TIERS.map((tier) => [tier, tierName(tier)] as const)} />
        <Select
          label={_("Area")}
          value={item.area}
          onChange={(area) => editor.edit((now) => ({ ...now, area }))}
          options={(areas.some(({ code }) => code === item.area) ? areas : [...areas, { code: item.area, title: item.area }]).map(({ code, title }) => [code, title] as const)}
        />
        <Text label={_("Family")} hint={_("Items of one family never stand in one test.")} value={item.family ?? ""} onChange={(typed) => editor.edit((now) => ({ ...now, family: nameOf(typed) }))} />
        <Text
          label={_("Passage")}
          hint={_("A short name in Latin letters. Items with one name are read beside one text, which is written once.")}
          value={item.passage ?? ""}
          onChange={(typed) => editor.edit((now) => withPassage(now, nameOf(typed)))}
        >
          {shared.length > 0 && <p class="field__hint">{_("The same passage as in %(items)s: what you change in it changes there too.", { items: shared.join(", ") })}</p>}
        </Text>
      </div>
    </details>
  );
}

/** With a name there is a passage to write; without one there is none. */
function withPassage(item: ItemSource, passage: string | null): ItemSource {
  return { ...everyText(item, (text) => ({ ...text, passage: passage === null ? null : (text.passage ?? "") })), passage };
}

interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}

function Select<V extends string>({ label, value, options, onChange }: SelectProps<V>): VNode {
  const editor = useEditor();
  const id = useId();
  return (
    <div>
      <label class="field__label" for={id}>
        {label}
      </label>
      <select id={id} class="govuk-select" disabled={!editor.mayClassify} value={value} onChange={(event) => onChange(event.currentTarget.value as V)}>
        {options.map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}

function Text({ label, hint, value, onChange, children }: { label: string; hint: string; value: string; onChange: (typed: string) => void; children?: ComponentChildren }): VNode {
  const editor = useEditor();
  const id = useId();
  return (
    <div>
      <label class="field__label" for={id}>
        {label}
      </label>
      <span class="field__hint" id={`${id}-hint`}>
        {hint}
      </span>
      <input id={id} class="govuk-input" aria-describedby={`${id}-hint`} maxLength={40} disabled={!editor.mayClassify} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      {children}
    </div>
  );
}
