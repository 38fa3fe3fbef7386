// Lost time given back to one or to the room, breaks, and the log of incidents (DC-12).
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _, ngettext } from "../../common/i18n";
import type { GiveTimeAsk, IncidentView, SessionView, Snapshot } from "../../common/wire";
import { incidentKey, endIncident } from "../ctrl/incidents";
import { roomKey, seatKey, type Console } from "../ctrl/console";
import { reasonFaults, REASON_MAX } from "../ctrl/forms";
import { NO_PRESS, pressOf } from "../ctrl/once";
import { hourText, secondsTo, spanText } from "../ctrl/time";
import { Outcome } from "./Clause";
import { Select, TextBox, TextLine } from "./fields";
import { pauseReasons } from "./Reasons";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

const NO_GIFT = { minutes: "", reason: "", once: NO_PRESS };
const NO_INCIDENT = { kind: "", text: "", minutes: "0" };
const MINUTES_MAX = 600;

/** Whole minutes, empty for none; null where something else was typed, or more than `most`. */
export function minutesOf(text: string, most = MINUTES_MAX): number | "" | null {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  const minutes = /^\d{1,3}$/.test(trimmed) ? Number(trimmed) : -1;
  return minutes >= 0 && minutes <= most ? minutes : null;
}

interface GiftProps {
  readonly id: string;
  readonly draft: typeof NO_GIFT;
  readonly isBusy: boolean;
  readonly onDraft: (part: Partial<typeof NO_GIFT>) => void;
  readonly onGive: (body: GiveTimeAsk) => void;
}

function Gift({ id, draft, isBusy, onDraft, onGive }: GiftProps): VNode {
  const [isBad, setBad] = useState(false);
  const [fault, setFault] = useState<string | undefined>();
  const give = (reason: string) => {
    const minutes = minutesOf(draft.minutes);
    const isWrong = minutes === null || minutes === 0;
    setBad(isWrong);
    setFault(reasonFaults(reason)["reason"]);
    if (isWrong || reasonFaults(reason)["reason"]) return;
    const said = { seconds: minutes === "" ? null : minutes * 60, reason: reason.trim() };
    const once = pressOf(draft.once, said);
    onDraft({ once });
    onGive({ ...said, key: once.key });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    give(draft.reason);
  };
  return (
    <form onSubmit={submit} noValidate aria-busy={isBusy}>
      <TextLine
        id={`${id}-minutes`}
        label={_("Minutes for each (empty: all that was lost)")}
        max={3}
        value={draft.minutes}
        fault={isBad ? _("Enter whole minutes, or nothing.") : undefined}
        onInput={(minutes) => onDraft({ minutes })}
      />
      <fieldset class="reasons__common">
        <legend class="field__label">{_("Give back at once, because of")}</legend>
        <div class="reasons__row">
          {pauseReasons().map((text) => (
            <button key={text} type="button" class="chip" onClick={() => give(text)}>
              {text}
            </button>
          ))}
        </div>
      </fieldset>
      <TextBox id={`${id}-reason`} label={_("Another reason")} rows={2} max={REASON_MAX} value={draft.reason} fault={fault} onInput={(reason) => onDraft({ reason })} />
      <button type="submit" class="govuk-button" aria-busy={isBusy}>
        {isBusy ? _("One moment…") : _("Give the time back")}
      </button>
    </form>
  );
}

/** Lost time of one candidate. */
export function GiveToOne({ ctrl, session }: { ctrl: Console; session: SessionView }): VNode {
  const key = seatKey(session, "give-time");
  return (
    <>
      <p>{_("Lost by silence: %(lost)s. Given back: %(given)s.", { lost: spanText(session.presence.lost_s), given: spanText(session.times.given_s) })}</p>
      <p>{_("Time is given back in the subject in which it was lost, while that subject runs or stands still.")}</p>
      <Gift
        id="gift"
        draft={ctrl.drafts.get(key, NO_GIFT)}
        isBusy={ctrl.acts.of(key).isBusy}
        onDraft={(part) => ctrl.drafts.set(key, part)}
        onGive={(body) => void ctrl.actOnSeat(session, "give-time", body, _("The time is given back."))}
      />
    </>
  );
}

/** Lost time of all at work, each at most what they lost. */
export function GiveToRoom({ ctrl, snapshot }: Props): VNode {
  const key = roomKey("give-time");
  const lost = snapshot.seats.flatMap(({ session }) => (session && session.presence.lost_s > session.times.given_s ? [session] : []));
  return (
    <>
      <p>{ngettext("The pages of %(n)s candidate were silent longer than counted so far.", "The pages of %(n)s candidates were silent longer than counted so far.", lost.length)}</p>
      <p>{_("Nobody gets more than they lost. Consoles and candidates see the new end at once.")}</p>
      <Gift
        id="room-gift"
        draft={ctrl.drafts.get(key, NO_GIFT)}
        isBusy={ctrl.acts.of(key).isBusy}
        onDraft={(part) => ctrl.drafts.set(key, part)}
        onGive={(body) => void ctrl.actOnRoom("give-time", body, _("The time is given back."))}
      />
    </>
  );
}

/** A candidate's break at the proctor's word. */
export function BeginBreak({ ctrl, session }: { ctrl: Console; session: SessionView }): VNode {
  const { isBusy } = ctrl.acts.of(seatKey(session, "break"));
  return (
    <>
      <p>{_("The clock stands still for what is left of the breaks that were decided, and goes on by itself.")}</p>
      <button type="button" class="govuk-button" aria-busy={isBusy} onClick={() => void ctrl.actOnSeat(session, "break", {}, _("The break has begun."))}>
        {isBusy ? _("One moment…") : _("Begin the break")}
      </button>
    </>
  );
}

/** What went wrong, since when. */
export function NoteIncident({ ctrl, snapshot }: Props): VNode {
  const key = roomKey("incidents");
  const draft = ctrl.drafts.get(key, NO_INCIDENT);
  const [tries, setTries] = useState(0);
  const most = Math.floor(snapshot.incident_back_max_s / 60);
  const minutes = minutesOf(draft.minutes, most);
  const { isBusy } = ctrl.acts.of(key);
  const send = (event: Event) => {
    event.preventDefault();
    setTries(tries + 1);
    if (draft.kind === "" || minutes === null || reasonFaults(draft.text)["reason"]) return;
    void ctrl.actOnRoom("incidents", { kind: draft.kind, text: draft.text.trim(), minutes_ago: minutes === "" ? 0 : minutes }, _("The incident is in the log."));
  };
  return (
    <form onSubmit={send} noValidate>
      <Select id="incident-kind" label={_("Kind")} value={draft.kind} fault={tries > 0 && draft.kind === "" ? _("Choose the kind.") : undefined} onInput={(kind) => ctrl.drafts.set(key, { kind })}>
        <option value="">{_("Choose…")}</option>
        {snapshot.incident_kinds.map((each) => (
          <option key={each.code} value={each.code}>
            {each.title}
          </option>
        ))}
      </Select>
      <TextBox id="incident-text" label={_("What happened")} rows={2} max={REASON_MAX} value={draft.text} fault={tries > 0 ? reasonFaults(draft.text)["reason"] : undefined} onInput={(text) => ctrl.drafts.set(key, { text })} />
      <TextLine
        id="incident-minutes"
        label={_("It began so many minutes ago")}
        hint={_("Whole minutes, %(most)s at most.", { most })}
        max={3}
        value={draft.minutes}
        fault={tries > 0 && minutes === null ? _("Enter whole minutes, %(most)s at most, or nothing.", { most }) : undefined}
        onInput={(text) => ctrl.drafts.set(key, { minutes: text })}
      />
      <button type="submit" class="govuk-button" aria-busy={isBusy}>
        {isBusy ? _("One moment…") : _("Write it into the log")}
      </button>
    </form>
  );
}

/** The incidents of the room; an open one can be ended, with or without the time it took. */
export function IncidentLog({ ctrl, snapshot }: Props): VNode | null {
  if (snapshot.incidents.length === 0) return null;
  return (
    <section class="incidents" aria-labelledby="incidents-title">
      <h3 class="desk__title" id="incidents-title">
        {_("Incidents")}
      </h3>
      <ul class="incidents__list">
        {snapshot.incidents.map((each) => (
          <Line key={each.id} ctrl={ctrl} snapshot={snapshot} incident={each} />
        ))}
      </ul>
    </section>
  );
}

function Line({ ctrl, snapshot, incident }: Props & { incident: IncidentView }): VNode {
  const kind = snapshot.incident_kinds.find(({ code }) => code === incident.kind)?.title ?? incident.kind;
  const until = incident.ended_at === null ? ctrl.now.value : Date.parse(incident.ended_at);
  const took = spanText(-(secondsTo(incident.began_at, until) ?? 0));
  const state = ctrl.acts.of(incidentKey(incident));
  return (
    <li class={incident.ended_at === null ? "incidents__line incidents__line--open" : "incidents__line"}>
      <p>
        <b>{hourText(incident.began_at)}</b> · {kind} · {incident.text} · {took} · {ngettext("%(n)s candidate", "%(n)s candidates", incident.n_affected)} · {incident.by}
        {incident.n_given > 0 && <> · {_("given back: up to %(time)s", { time: spanText(incident.given_s) })} ({incident.n_given})</>}
      </p>
      {incident.ended_at === null && (
        <div class="button-row">
          <button type="button" class="govuk-button" aria-busy={state.isBusy} onClick={() => void endIncident(ctrl, incident, true)}>
            {_("Over: give the time back")}
          </button>
          <button type="button" class="govuk-button govuk-button--secondary" aria-busy={state.isBusy} onClick={() => void endIncident(ctrl, incident, false)}>
            {_("Over, no time was lost")}
          </button>
        </div>
      )}
      <Outcome state={state} />
    </li>
  );
}
