// What concerns the whole page: the console was refused, has lost the server, or much of the room fell silent at once.
import type { VNode } from "preact";
import { _, ngettext } from "../../common/i18n";
import type { Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import { taken } from "../ctrl/filters";
import { hourText, spanText } from "../ctrl/time";

/** So many at once, and this share of the room, is rather the power or the network than the candidates. */
const MANY = 3;
const SHARE = 0.25;

export function OwnTrouble({ ctrl }: { ctrl: Console }): VNode | null {
  const refusal = ctrl.refusal.value;
  if (refusal) {
    return (
      <div class="notice notice--alarm" role="alert">
        <p class="notice__title">{refusal.message}</p>
        <button type="button" class="govuk-button" onClick={() => location.reload()}>
          {_("Reload the page")}
        </button>
      </div>
    );
  }
  if (!ctrl.snapshot.value) return <FirstLoad isLost={ctrl.line.value === "lost"} />;
  return ctrl.line.value === "lost" ? <Lost ctrl={ctrl} /> : null;
}

function FirstLoad({ isLost }: { isLost: boolean }): VNode {
  return (
    <div class="notice" role="status">
      <p class="notice__title">{isLost ? _("The server does not answer. The page tries again by itself.") : _("One moment…")}</p>
    </div>
  );
}

/** The counting seconds stand outside the alert, or they would be read out each second. */
function Lost({ ctrl }: { ctrl: Console }): VNode {
  const at = ctrl.asOf.value;
  return (
    <div class="notice notice--alarm">
      <p class="notice__title" role="alert">
        {_("This console is not connected to the server. What you see may be out of date.")}
      </p>
      <p class="notice__line">
        <b class="notice__figure">{_("As of %(time)s, %(span)s ago.", { time: hourText(at, true), span: spanText((ctrl.now.value - at) / 1000) })}</b>{" "}
        {_("The console tries again by itself. Candidates work on, and their answers are kept.")}
      </p>
    </div>
  );
}

export function PowerCut({ ctrl, snapshot }: { ctrl: Console; snapshot: Snapshot }): VNode | null {
  const isUp = (state: string) => state === "running" || state === "paused";
  const atWork = taken(ctrl.cards.value).filter((card) => isUp(card.session.progress.state));
  const silent = atWork.filter((card) => card.look.silence === "alarm");
  if (snapshot.room.state !== "running" || silent.length < MANY || silent.length < atWork.length * SHARE) return null;
  const { running } = ctrl.roll.value;
  return (
    <div class="notice notice--alarm notice--row" role="alert">
      <p class="notice__title">
        {ngettext("%(n)s candidate has no connection.", "%(n)s candidates have no connection at once.", silent.length)}{" "}
        {running > 0 ? _("If the power or the network has failed, pause all: nobody loses time.") : _("All are paused: nobody loses time.")}
      </p>
      {running > 0 && (
        <button type="button" class="govuk-button govuk-button--warning" onClick={() => ctrl.openAsk("pause")}>
          {_("Pause all…")}
        </button>
      )}
    </div>
  );
}
