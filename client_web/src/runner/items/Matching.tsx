// Each of the left side to one of the right: the right sides are lettered, and each left one has a row of letters.
import type { VNode } from "preact";
import { _, language } from "../../common/i18n";
import { RichText, plainText } from "../../common/rich";
import { LETTERS, placesOf, type ItemProps } from "./props";

export function Matching({ item, name, draft, isLocked, onEdit }: ItemProps): VNode {
  const places = placesOf(draft);
  return (
    <div class="matching" lang={item.language}>
      <ol class="matching__options">
        {item.options.map((option, index) => (
          <li key={option.id} class="matching__option">
            <span class="option__letter">{LETTERS[index]}</span>
            <span class="option__content">
              <RichText content={option.content} spoken={option.spoken} />
            </span>
          </li>
        ))}
      </ol>
      <p class="item__hint" lang={language()}>
        {_("Choose one letter for each line.")}
      </p>
      {item.slots.map((slot) => (
        <fieldset key={`${name}-${slot.id}`} class="matching__row">
          <legend class="matching__prompt">
            <span class="matching__number">{slot.id}.</span> <RichText content={slot.content} spoken={slot.spoken} />
          </legend>
          <div class="matching__letters">
            {item.options.map((option, index) => (
              <label key={option.id} class="letter">
                <input
                  type="radio"
                  class="letter__input"
                  name={`place-${name}-${slot.id}`}
                  value={option.id}
                  checked={places[slot.id] === option.id}
                  disabled={isLocked}
                  onChange={() => onEdit({ kind: "places", places: { ...places, [slot.id]: option.id } })}
                />
                <span class="letter__mark" lang="en">
                  {LETTERS[index]}
                </span>
                <span class="govuk-visually-hidden">{option.spoken ?? plainText(option.content)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}
