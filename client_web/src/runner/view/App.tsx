// Chooses what to show: by the screen, and within the exam by the phase of the session.
import type { VNode } from "preact";
import { _, rememberLanguage, setLanguage } from "../../common/i18n";
import { Dialog, LanguageSwitch, LiveRegion } from "../../common/shell";
import type { Language } from "../../common/wire";
import type { Runner } from "../ctrl";
import { later } from "../later";
import { isOver } from "../pulse";
import { isOn, offered } from "../tools/aids";
import { NEEDS_RELOAD, stepName } from "../types";
import { Head } from "./Head";
import { Absent, DeviceWaits, Loading, OtherDevice, OtherTab, Paused, Removed } from "./Notices";
import { Running } from "./Running";
import { SignIn } from "./SignIn";

const ToolBar = later(() => import("../tools/Bar").then((chunk) => chunk.ToolBar), true);
const Ruler = later(() => import("../tools/Bar").then((chunk) => chunk.Ruler), true);
const Help = later(() => import("../help/Help").then((chunk) => chunk.Help));
const Waiting = later(() => import("./Around").then((chunk) => chunk.Waiting));
const Between = later(() => import("./Around").then((chunk) => chunk.Between));
const Finished = later(() => import("./Around").then((chunk) => chunk.Finished));

interface AppProps {
  readonly runner: Runner;
  readonly onTakeOver: () => void;
}

export function App({ runner, onTakeOver }: AppProps): VNode {
  const choose = (code: Language) => {
    rememberLanguage(code);
    setLanguage(code)
      .then(() => (runner.screen.value === "exam" ? runner.refresh() : undefined))
      .catch(() => undefined);
  };
  return (
    <>
      <Head runner={runner} languages={<LanguageSwitch onChoose={choose} />} />
      <Above runner={runner} />
      <main class="stage" id="main">
        <Trouble runner={runner} />
        <div class={runner.state.value?.clock.phase === "paused" ? "" : "room"}>
          <Stage runner={runner} onTakeOver={onTakeOver} />
        </div>
      </main>
      {hasTools(runner) && isOn("line_reader") && <Ruler />}
      <MessageOverlay runner={runner} />
      <LiveRegion />
    </>
  );
}

function hasTools(runner: Runner): boolean {
  const phase = runner.state.value?.clock.phase;
  return runner.screen.value === "exam" && (phase === "waiting" || phase === "running") && offered.value.length > 0;
}

/** One line above the test. */
function Above({ runner }: { runner: Runner }): VNode {
  const [tools, help] = [hasTools(runner), hasHelp(runner)];
  return (
    <div class="above">
      {(tools || help) && (
        <div class="above__row">
          {tools && <ToolRow runner={runner} />}
          {help && <HelpRow runner={runner} />}
        </div>
      )}
    </div>
  );
}

/** The tools stand above the test and the waiting room, where they can be tried; their room is kept until they come. */
function ToolRow({ runner }: { runner: Runner }): VNode {
  return (
    <div class="tools">
      <ToolBar step={stepName(runner.step)} />
    </div>
  );
}

/** As long as there is somebody to help and something to work on. */
function hasHelp(runner: Runner): boolean {
  const phase = runner.state.value?.clock.phase;
  return runner.screen.value === "exam" && phase !== undefined && !isOver(phase);
}

function HelpRow({ runner }: { runner: Runner }): VNode {
  return (
    <aside class="help" aria-label={_("Help")}>
      <Help runner={runner} />
    </aside>
  );
}

function Stage({ runner, onTakeOver }: AppProps): VNode {
  const state = runner.state.value;
  const screen = runner.screen.value;
  if (screen === "sign_in" && runner.isWaiting.value) return <DeviceWaits runner={runner} />;
  if (screen === "sign_in") return <SignIn runner={runner} />;
  if (screen === "other_device") return <OtherDevice runner={runner} />;
  if (screen === "other_tab") return <OtherTab onTakeOver={onTakeOver} />;
  if (screen === "loading" || !state) return <Loading runner={runner} />;
  switch (state.clock.phase) {
    case "waiting":
      return <Waiting runner={runner} state={state} />;
    case "between":
      return <Between runner={runner} state={state} />;
    case "running":
      return state.step ? <Running runner={runner} state={state} step={state.step} /> : <Loading runner={runner} />;
    case "paused":
      return <Paused runner={runner} state={state} />;
    case "submitted":
      return <Finished runner={runner} state={state} />;
    case "removed":
      return <Removed runner={runner} state={state} />;
    case "absent":
      return <Absent runner={runner} state={state} />;
  }
}

/** What the server refused or wants noticed, above everything else. */
function Trouble({ runner }: { runner: Runner }): VNode | null {
  const refusal = runner.isWaiting.value ? null : runner.refusal.value;
  const notice = runner.screen.value === "exam" ? (runner.state.value?.notice ?? null) : null;
  if (!refusal && !notice) return null;
  return (
    <div class="trouble" role="alert">
      {refusal && (
        <p class="trouble__line">
          {refusal.message} {refusal.clause && <span class="clause">{refusal.clause}</span>}
        </p>
      )}
      {refusal && NEEDS_RELOAD.has(refusal.code) && (
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => location.reload()}>
          {_("Reload the page")}
        </button>
      )}
      {notice && <p class="trouble__line">{notice}</p>}
    </div>
  );
}

function MessageOverlay({ runner }: { runner: Runner }): VNode | null {
  const message = runner.screen.value === "exam" ? runner.message.value : null;
  if (!message) return null;
  return (
    <Dialog key={message.id} title={_("Message from the proctor")}>
      <p class="message">{message.text}</p>
      <div class="dialog__actions">
        <button type="button" class="govuk-button" onClick={() => runner.readMessage()}>
          {_("I have read it")}
        </button>
      </div>
    </Dialog>
  );
}
