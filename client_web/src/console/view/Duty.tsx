// Whose room it is: who gave it away sees it and changes nothing; the way to the handover, the papers and open protocols.
import type { VNode } from "preact";
import { _, ngettext } from "../../common/i18n";
import type { SessionView, Snapshot } from "../../common/wire";
import { taken } from "../ctrl/filters";
import type { Console } from "../ctrl/console";
import { Clause } from "./Clause";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

/** Whether this proctor acts in the room; all others on duty only see it. */
export function isActing({ acting, me }: Snapshot): boolean {
  return acting.some((each) => each.staff_id === me);
}

export function HandedOver({ ctrl, snapshot }: Props): VNode | null {
  if (isActing(snapshot)) return null;
  const names = snapshot.acting.map((each) => each.name).join(", ");
  return (
    <div class="notice notice--row" role="status">
      <p class="notice__title">
        {names ? _("The room is in the hands of: %(names)s.", { names }) : _("Nobody acts in this room.")} {_("You see it and change nothing in it.")}
      </p>
      <a class="govuk-link" href={`/proctor/rooms/${ctrl.room}/handover`}>
        {_("Handover")}
      </a>
    </div>
  );
}

export function RoomLinks({ ctrl }: { ctrl: Console }): VNode {
  return (
    <p class="strip__links">
      <a class="govuk-link" href={`/proctor/rooms/${ctrl.room}/papers`} target="_blank" rel="noopener">
        {_("Papers")}
        <NewTab />
      </a>
      <a class="govuk-link" href={`/proctor/rooms/${ctrl.room}/handover`}>
        {_("Handover")}
      </a>
    </p>
  );
}

/** Protocols that the room waits for before it can be closed (DC-15). */
export function OpenProtocols({ ctrl, snapshot }: Props): VNode | null {
  const open = taken(ctrl.cards.value).filter(({ session }) => isOpen(session));
  if (open.length === 0) return null;
  return (
    <div class="notice notice--row" role="status">
      <p class="notice__title">
        {ngettext("%(n)s protocol is to be signed before the room is closed.", "%(n)s protocols are to be signed before the room is closed.", open.length)}{" "}
        <Clause snapshot={snapshot} act="remove" />
      </p>
      {open.map(({ session }) => (
        <a key={session.who.session_id} class="govuk-link" href={recordOf(ctrl, session)} target="_blank" rel="noopener">
          {session.who.name}
          <NewTab />
        </a>
      ))}
    </div>
  );
}

export function ProtocolState({ ctrl, session }: { ctrl: Console; session: SessionView }): VNode | null {
  const words = { missing: _("Write the protocol"), unsigned: _("Let the protocol be signed"), signed: _("The protocol, signed by all") };
  const { protocol } = session.desk;
  if (protocol === "none") return null;
  return (
    <p>
      <a class={isOpen(session) ? "govuk-button" : "govuk-link"} href={recordOf(ctrl, session)} target="_blank" rel="noopener">
        {words[protocol]}
        <NewTab />
      </a>
    </p>
  );
}

/** The console stays open beside what is written. */
function NewTab(): VNode {
  return <span class="govuk-visually-hidden">, {_("opens in a new tab")}</span>;
}

function isOpen({ desk }: SessionView): boolean {
  return desk.protocol === "missing" || desk.protocol === "unsigned";
}

function recordOf(ctrl: Console, { who }: SessionView): string {
  return `/proctor/rooms/${ctrl.room}/sessions/${who.session_id}/record`;
}
