// Who sits at the seat: the photograph and papers of the registration, and how the test stands.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { _, ngettext } from "../../common/i18n";
import type { SentView, SessionView, Snapshot } from "../../common/wire";
import { pictureAddress } from "../api";
import { dateText, hourText, secondsTo, spanText } from "../ctrl/time";
import type { SeatLook, Sign } from "../types";
import { Icon, signIcon } from "./Icon";
import { browserText, gradeWord, hasProgress, languageName, lateText, signText, silenceText, stateText, subjectOf } from "./words";

interface Props {
  readonly snapshot: Snapshot;
  readonly session: SessionView;
  readonly look: SeatLook;
  readonly signs: readonly Sign[];
  readonly now: number;
}

export function Who({ snapshot, session, look, signs, now }: Props): VNode {
  const { who } = session;
  return (
    <div class="who">
      <div class="who__top">
        <div>
          <Photo url={who.photo_url} />
          {session.desk.has_picture && <AtDesk snapshot={snapshot} session={session} />}
        </div>
        <div>
          <p class={`who__state tone tone--${look.kind}`}>
            <Icon name={look.kind} /> {stateText(look)}
          </p>
          {silenceText(look) && <p class="who__silence">{silenceText(look)}</p>}
          <dl class="pairs">
            <Pair name={_("Registration number")}>{who.registration_no}</Pair>
            <Pair name={_("Birth date")}>{dateText(who.birth_date)}</Pair>
            <Pair name={_("School")}>{who.school}</Pair>
            <Pair name={_("Language of the test")}>{languageName(who.language)}</Pair>
          </dl>
        </div>
      </div>
      <Signs signs={signs} />
      <dl class="pairs pairs--wide">
        <Papers snapshot={snapshot} session={session} />
        <Standing snapshot={snapshot} session={session} now={now} />
      </dl>
    </div>
  );
}

/** What to look at, in symbol, word and tone; nothing here accuses anybody. */
function Signs({ signs }: { signs: readonly Sign[] }): VNode | null {
  const shown = signs.filter(({ code }) => code !== "silence");
  if (shown.length === 0) return null;
  return (
    <ul class="signs" aria-label={_("Signs")}>
      {shown.map((sign) => (
        <li key={sign.code} class={`signs__sign sign--${sign.grade}`}>
          <Icon name={signIcon(sign.code)} /> {signText(sign)} <b>{gradeWord(sign.grade)}</b>
        </li>
      ))}
    </ul>
  );
}

/** The last message, and how far it has come. */
function Receipt({ sent }: { sent: SentView }): VNode {
  const at = (time: string) => hourText(time, true);
  const shown = sent.shown_at === null ? _("not shown yet") : _("shown %(time)s", { time: at(sent.shown_at) });
  const read = sent.read_at === null ? _("not read yet") : _("read %(time)s", { time: at(sent.read_at) });
  return (
    <Pair name={_("Last message")}>
      <q>{sent.text}</q> {_("sent %(time)s", { time: at(sent.sent_at) })} · {shown} · {read}
    </Pair>
  );
}

export function Pair({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div class="pairs__pair">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Photo({ url }: { url: string | null }): VNode {
  const [isBroken, setBroken] = useState(false);
  if (url && !isBroken) {
    return <img class="photo" src={url} alt={_("Photograph from the registration")} onError={() => setBroken(true)} />;
  }
  return (
    <div class="photo photo--none">
      <Icon name="photo" />
      <span>{_("No photograph")}</span>
    </div>
  );
}

/** The picture of the last check; a new check has an address of its own. */
function AtDesk({ snapshot, session }: Pick<Props, "snapshot" | "session">): VNode | null {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return null;
  const at = pictureAddress(String(snapshot.room.room_sitting_id), session.who.session_id, session.desk.checked_at ?? "");
  return (
    <figure class="camera__figure">
      <img class="photo" src={at} alt={_("Picture taken at the desk")} onError={() => setBroken(true)} />
      <figcaption>{_("At the desk")}</figcaption>
    </figure>
  );
}

/** What the desk decided, once it has. */
function Papers({ snapshot, session }: Pick<Props, "snapshot" | "session">): VNode {
  const { desk } = session;
  const document = snapshot.documents.find((each) => each.code === desk.document)?.title ?? "";
  const at = desk.checked_at === null ? "" : hourText(desk.checked_at);
  const late = desk.late_s !== null && desk.late_s > 0 ? lateText(desk.late_s) : "";
  return (
    <>
      {desk.identity === "confirmed" && <Pair name={_("Identity")}>{_("confirmed %(time)s", { time: at })} · {document}</Pair>}
      {desk.identity === "refused" && <Pair name={_("Identity")}>{_("not confirmed %(time)s", { time: at })} · {document}</Pair>}
      {desk.fingerprint !== null && (
        <Pair name={_("Fingerprint of the decision")}>
          <code>{desk.fingerprint}</code>
        </Pair>
      )}
      {desk.admitted_at !== null && <Pair name={_("Admitted")}>{[hourText(desk.admitted_at), late].filter(Boolean).join(" · ")}</Pair>}
    </>
  );
}

function Standing({ snapshot, session, now }: Omit<Props, "look" | "signs">): VNode {
  const { progress, desk, presence } = session;
  const left_s = progress.state === "running" ? secondsTo(progress.ends_at, now) : null;
  return (
    <>
      {hasProgress(session) && (
        <Pair name={subjectOf(session, snapshot)}>
          {_("%(n)s of %(length)s answered", { n: progress.answered, length: progress.length })}
          {left_s !== null && left_s >= 0 && <> · {_("%(time)s left", { time: spanText(left_s) })}</>}
        </Pair>
      )}
      {progress.paused_at !== null && progress.state === "paused" && (
        <Pair name={_("Paused")}>
          {_("since %(time)s", { time: hourText(progress.paused_at) })} · {spanText(-(secondsTo(progress.paused_at, now) ?? 0))}
        </Pair>
      )}
      {session.who.conditions.length > 0 && <Pair name={_("Conditions")}>{session.who.conditions.map(({ words }) => words).join("; ")}</Pair>}
      {session.times.break_until !== null && progress.state === "paused" && <Pair name={_("On a break until")}>{hourText(session.times.break_until, true)}</Pair>}
      {session.times.held_since !== null && <Pair name={_("Time ran out while the line was down")}>{_("at %(time)s", { time: hourText(session.times.held_since, true) })}</Pair>}
      {presence.lost_s > 0 && <Pair name={_("Time lost by silence")}>{spanText(presence.lost_s)}</Pair>}
      {session.times.given_s > 0 && <Pair name={_("Time given back")}>{spanText(session.times.given_s)}</Pair>}
      {browserText(session) && (
        <Pair name={_("Browser")}>
          {progress.seb_fault !== null && <Icon name="warning" />} {browserText(session)}
        </Pair>
      )}
      {progress.is_signed_in && presence.seen_at !== null && <Pair name={_("Last heard")}>{hourText(presence.seen_at, true)}</Pair>}
      {presence.unsent > 0 && <Pair name={_("Not sent yet")}>{ngettext("%(n)s answer", "%(n)s answers", presence.unsent)}</Pair>}
      {presence.lost_focus > 0 && <Pair name={_("Left the window")}>{ngettext("%(n)s time", "%(n)s times", presence.lost_focus)} · {_("%(time)s in all", { time: spanText(presence.away_s) })}</Pair>}
      {presence.battery !== null && <Pair name={_("Battery")}>{`${presence.battery} %`}{presence.is_charging && <> · {_("charging")}</>}</Pair>}
      {session.message && <Receipt sent={session.message} />}
      {desk.warnings > 0 && <Pair name={_("Warnings")}>{desk.warnings}</Pair>}
    </>
  );
}
