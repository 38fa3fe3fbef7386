// The console's page: the bar, what is wrong, the room's acts, the plan and the panel of the chosen seat.
import type { VNode } from "preact";
import { _, rememberLanguage, setLanguage } from "../../common/i18n";
import { LanguageSwitch, LiveRegion } from "../../common/shell";
import type { Language, Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import { BulkBar } from "./BulkBar";
import { HandedOver, isActing, OpenProtocols } from "./Duty";
import { Head } from "./Head";
import { Needs } from "./Needs";
import { OwnTrouble, PowerCut } from "./Notices";
import { Panel } from "./Panel";
import { Plan } from "./Plan";
import { RoomStrip } from "./RoomStrip";
import { Toolbar } from "./Toolbar";

export function App({ ctrl }: { ctrl: Console }): VNode {
  const choose = (code: Language) => {
    rememberLanguage(code);
    setLanguage(code)
      .then(() => ctrl.refresh())
      .catch(() => undefined);
  };
  const snapshot = ctrl.snapshot.value;
  return (
    <>
      <a href="#plan" class="govuk-skip-link">
        {_("Skip to the seating plan")}
      </a>
      <Head ctrl={ctrl} languages={<LanguageSwitch onChoose={choose} />} />
      <main class="console" id="main">
        <OwnTrouble ctrl={ctrl} />
        {snapshot && !ctrl.refusal.value && <Room ctrl={ctrl} snapshot={snapshot} />}
      </main>
      <LiveRegion />
    </>
  );
}

function Room({ ctrl, snapshot }: { ctrl: Console; snapshot: Snapshot }): VNode {
  const { room } = snapshot;
  return (
    <>
      <h1 class="govuk-visually-hidden">{`${room.name} · ${room.centre} · ${room.sitting_title}`}</h1>
      <HandedOver ctrl={ctrl} snapshot={snapshot} />
      <RoomStrip ctrl={ctrl} snapshot={snapshot} />
      <OpenProtocols ctrl={ctrl} snapshot={snapshot} />
      <PowerCut ctrl={ctrl} snapshot={snapshot} />
      <div class="console__columns">
        <section class="panel plan-panel" aria-labelledby="plan-title" id="plan" tabIndex={-1}>
          <Toolbar ctrl={ctrl} />
          <Needs ctrl={ctrl} snapshot={snapshot} />
          {isActing(snapshot) && <BulkBar ctrl={ctrl} snapshot={snapshot} />}
          <Plan ctrl={ctrl} snapshot={snapshot} />
        </section>
        <Panel ctrl={ctrl} snapshot={snapshot} />
      </div>
    </>
  );
}
