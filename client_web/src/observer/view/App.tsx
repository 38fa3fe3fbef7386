// The observer's page: the room in figures, its seats as states, what happened, and a field for a remark.
import type { VNode } from "preact";
import { paragraph } from "../../common/clause";
import { _, rememberLanguage, setLanguage } from "../../common/i18n";
import { Bar, LanguageSwitch, LiveRegion, Pill } from "../../common/shell";
import type { Language, WatchedSeat, WatchView } from "../../common/wire";
import { hourText, secondsTo, spanText } from "../../console/ctrl/time";
import { Icon } from "../../console/view/Icon";
import type { Counted, Watch } from "../ctrl";
import { Remarks } from "./Remarks";
import { eventText, iconOf, incidentText, roomWord, stateWord } from "./words";

export function App({ ctrl }: { ctrl: Watch }): VNode {
  const choose = (code: Language) => {
    rememberLanguage(code);
    setLanguage(code)
      .then(() => ctrl.refresh())
      .catch(() => undefined);
  };
  const view = ctrl.view.value;
  return (
    <>
      <a href="#main" class="govuk-skip-link">
        {_("Skip to the content")}
      </a>
      <Bar title={view ? view.room : _("Observing a room")} who={view ? `${view.centre} · ${view.sitting_title}` : ""}>
        <LanguageSwitch onChoose={choose} />
        <Line ctrl={ctrl} />
        {view && <span class="bar__clock">{hourText(ctrl.now.value, true)}</span>}
      </Bar>
      <main class="observer" id="main">
        {ctrl.refusal.value && (
          <p class="observer__trouble" role="alert">
            {ctrl.refusal.value.message} <a href="/observe">{_("To the sign-in of observers")}</a>
          </p>
        )}
        {view && !ctrl.refusal.value && <Room ctrl={ctrl} view={view} />}
      </main>
      <LiveRegion />
    </>
  );
}

function Line({ ctrl }: { ctrl: Watch }): VNode {
  switch (ctrl.line.value) {
    case "live":
      return <Pill kind="good">{_("The view is live")}</Pill>;
    case "connecting":
      return <Pill kind="busy">{_("Connecting…")}</Pill>;
    case "lost":
      return <Pill kind="wait">{_("No connection; it is tried again")}</Pill>;
    case "stopped":
      return <Pill kind="off">{_("Stopped")}</Pill>;
  }
}

function Room({ ctrl, view }: { ctrl: Watch; view: WatchView }): VNode {
  return (
    <>
      <h1 class="govuk-visually-hidden">{`${view.room} · ${view.centre} · ${view.sitting_title}`}</h1>
      <Times ctrl={ctrl} view={view} />
      {view.seats && <Counts ctrl={ctrl} />}
      <div class="observer__columns">
        {view.seats && <Seats seats={view.seats} />}
        <div class="observer__side">
          <Incidents ctrl={ctrl} view={view} />
          {view.events && <Events view={view} />}
          <Remarks ctrl={ctrl} view={view} />
        </div>
      </div>
      <p class="observer__note">
        {_("Observers see neither names nor tasks nor codes.")} <span class="clause">{`${paragraph(view.clause.id)} · ${view.clause.title}`}</span>
      </p>
    </>
  );
}

function Times({ ctrl, view }: { ctrl: Watch; view: WatchView }): VNode {
  const left_s = view.state === "running" ? secondsTo(view.ends_at, ctrl.now.value) : null;
  return (
    <section class="panel observer__times" aria-label={_("The room now")}>
      <b class={`observer__state observer__state--${view.state}`}>{roomWord(view.state)}</b>
      <span>{view.started_at ? _("Started at %(time)s", { time: hourText(view.started_at) }) : _("Starts at %(time)s", { time: hourText(view.starts_at) })}</span>
      {view.ends_at && <span>{_("Ends at %(time)s", { time: hourText(view.ends_at) })}</span>}
      {left_s !== null && (
        <span>
          {_("Left:")} <b class="observer__clock">{spanText(left_s)}</b>
        </span>
      )}
    </section>
  );
}

const COUNTED: readonly Counted[] = ["expected", "present", "working", "paused", "finished", "late", "removed", "absent"];

function Counts({ ctrl }: { ctrl: Watch }): VNode {
  return (
    <dl class="panel observer__counts">
      {COUNTED.map((each) => (
        <div class="observer__count" key={each} data-count={each}>
          <dt>{stateWord(each)}</dt>
          <dd>{ctrl.counts.value.get(each) ?? 0}</dd>
        </div>
      ))}
    </dl>
  );
}

function Seats({ seats }: { seats: readonly WatchedSeat[] }): VNode {
  const firstCol = Math.min(...seats.map((seat) => seat.col));
  const firstRow = Math.min(...seats.map((seat) => seat.row));
  const columns = Math.max(...seats.map((seat) => seat.col)) - firstCol + 1;
  return (
    <section class="panel observer__plan" aria-labelledby="seats-title">
      <h2 class="observer__title" id="seats-title">
        {_("Seats")}
      </h2>
      <div class="observer__scroll" tabIndex={0} role="region" aria-labelledby="seats-title">
        <ul class="observer__seats" style={{ "--columns": columns }}>
          {seats.map((seat) => (
            <li
              key={seat.number}
              class={`observer__seat tone tone--${iconOf(seat.state)}`}
              style={{ gridColumn: seat.col - firstCol + 1, gridRow: seat.row - firstRow + 1 }}
              data-seat={seat.number}
              data-state={seat.state}
            >
              <span class="observer__number">{seat.number}</span>
              <Icon name={iconOf(seat.state)} />
              <span class="observer__word">{stateWord(seat.state)}</span>
              {seat.is_late && <span class="observer__late">{_("Came late")}</span>}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** What went wrong and for how long; one that lasts is counted on. */
function Incidents({ ctrl, view }: { ctrl: Watch; view: WatchView }): VNode | null {
  if (!view.incidents?.length) return null;
  return (
    <section class="panel" aria-labelledby="incidents-title">
      <h2 class="observer__title" id="incidents-title">
        {_("Incidents")}
      </h2>
      <ol class="observer__events">
        {view.incidents.map((each, n) => (
          <li key={`${each.began_at}/${n}`} class={each.ended_at === null ? "observer__open" : undefined} data-incident>
            <time dateTime={each.began_at}>{hourText(each.began_at)}</time> {incidentText(each, ctrl.now.value)}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Events({ view }: { view: WatchView }): VNode {
  return (
    <section class="panel" aria-labelledby="events-title">
      <h2 class="observer__title" id="events-title">
        {_("What happened")}
      </h2>
      {view.events?.length ? (
        <ol class="observer__events">
          {view.events.map((each) => (
            <li key={`${each.at}/${each.act}`}>
              <time dateTime={each.at}>{hourText(each.at, true)}</time> {eventText(each)}
            </li>
          ))}
        </ol>
      ) : (
        <p class="quiet-text">{_("Nothing yet.")}</p>
      )}
    </section>
  );
}
