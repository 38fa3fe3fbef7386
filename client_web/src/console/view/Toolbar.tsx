// Above the plan: whom to show, and a search by seat, name or registration number.
import type { VNode } from "preact";
import { _, ngettext } from "../../common/i18n";
import { announce } from "../../common/dom";
import type { Console } from "../ctrl/console";
import { FILTERS, passes } from "../ctrl/filters";
import { strangerText } from "../ctrl/scanner";
import { focusSeat } from "./Plan";
import { SlipReader } from "./SlipReader";
import { filterWord } from "./words";

export function Toolbar({ ctrl }: { ctrl: Console }): VNode {
  return (
    <div class="toolbar">
      <h2 class="toolbar__title" id="plan-title">
        {_("Seating plan")}
      </h2>
      <div class="toolbar__filters" role="group" aria-label={_("Whom to show")}>
        {FILTERS.map((filter) => (
          <button
            key={filter}
            type="button"
            class="filter"
            aria-pressed={ctrl.filter.value === filter}
            onClick={() => (ctrl.filter.value = filter)}
          >
            {filterWord(filter)}{" "}
            {filter !== "all" && <span class="filter__count">{ctrl.cards.value.filter((card) => passes(card, filter)).length}</span>}
          </button>
        ))}
      </div>
      <button type="button" class="filter" aria-describedby="pick-hint" onClick={() => ctrl.bulk.pickShown()}>
        {_("Choose all shown")}
      </button>
      <span id="pick-hint" class="govuk-visually-hidden">
        {_("Shift and Space chooses the seat under the cursor; Shift and an arrow chooses the next one too.")}
      </span>
      <button type="button" class="filter" aria-pressed={ctrl.sound.isOn.value} onClick={() => ctrl.sound.toggle()}>
        {_("Sound")}
      </button>
      <SlipReader ctrl={ctrl} />
      <Search ctrl={ctrl} />
    </div>
  );
}

function Search({ ctrl }: { ctrl: Console }): VNode {
  const go = (event: Event) => {
    event.preventDefault();
    const first = ctrl.cards.value.find((card) => ctrl.shownIds.value.has(card.seat.seat_id) && card.seat.session);
    if (!first || ctrl.query.value.trim() === "") return announce(_("Nobody was found."));
    ctrl.choose(first.seat.seat_id, true);
    ctrl.query.value = "";
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") ctrl.query.value = "";
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    focusSeat(ctrl.cards.value.find((card) => ctrl.shownIds.value.has(card.seat.seat_id))?.seat.seat_id);
  };
  const found = ctrl.shownIds.value.size;
  return (
    <form class="toolbar__search" role="search" onSubmit={go}>
      {ctrl.slip.value !== null && (
        <p class="warning" role="alert">
          {strangerText(ctrl.slip.value)}
        </p>
      )}
      <label class="govuk-visually-hidden" for="search">
        {_("Search by seat, name or registration number")}
      </label>
      <input
        id="search"
        class="govuk-input"
        type="search"
        autocomplete="off"
        placeholder={_("Seat, name, number")}
        value={ctrl.query.value}
        onInput={(event) => (ctrl.query.value = event.currentTarget.value)}
        onKeyDown={keys}
      />
      <span class="govuk-visually-hidden" role="status">
        {ctrl.query.value.trim() === "" ? "" : ngettext("%(n)s seat found", "%(n)s seats found", found)}
      </span>
    </form>
  );
}
