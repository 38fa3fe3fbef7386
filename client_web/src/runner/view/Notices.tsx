// Pages that say one thing: loading, paused, removed, absent, opened elsewhere.
import type { ComponentChildren, VNode } from "preact";
import { clockText } from "../../common/clock";
import { useFocus } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { RunnerState } from "../../common/wire";
import type { Runner } from "../ctrl";
import { later } from "../later";
import { QuitLink } from "./QuitLink";

const OnBreak = later(() => import("./Times").then((chunk) => chunk.OnBreak));

type Tone = "calm" | "alarm";

function Notice({ title, tone = "calm", children }: { title: string; tone?: Tone; children: ComponentChildren }): VNode {
  const heading = useFocus<HTMLHeadingElement>(title);
  return (
    <section class={`panel notice notice--${tone}`}>
      <h1 class="notice__title" tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </section>
  );
}

export function Loading({ runner }: { runner: Runner }): VNode {
  const isWaiting = runner.network.isCut;
  return (
    <Notice title={isWaiting ? _("Waiting for the network") : _("One moment…")}>
      <p>{isWaiting ? _("The page tries again by itself. Nothing you have answered is lost.") : _("The test is being opened.")}</p>
      {runner.network.line.value === "called" && <p>{_("If it takes long, raise your hand.")}</p>}
    </Notice>
  );
}

function pauseTitle({ times }: RunnerState): string {
  if (times.is_held) return _("The clock stands still");
  return times.break_ends_in_ms === null ? _("The test is paused") : _("You have a break");
}

export function Paused({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  const left = runner.countdown.seconds.value;
  const isUnsent = runner.isLocked.value;
  return (
    <div class="veil">
      <Notice title={pauseTitle(state)}>
        {state.times.break_ends_in_ms !== null && <OnBreak runner={runner} />}
        {state.times.is_held && <p>{_("Your time ran out while there was no connection. Stay at your seat: the proctor decides whether the lost time is given back.")}</p>}
        {state.times.break_ends_in_ms === null && !state.times.is_held && <p>{_("Your time stands still. Stay at your seat and wait: the question comes back by itself when the proctor resumes the test.")}</p>}
        <p>
          {isUnsent
            ? _("Your last answer is kept on this computer and will be sent when the test goes on.")
            : _("All the answers you have given are saved.")}
        </p>
        {left !== null && state.clock.remaining_ms !== null && (
          <p class="notice__figure">{_("Time left in this section: %(time)s", { time: clockText(left) })}</p>
        )}
      </Notice>
    </div>
  );
}

export function Removed({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  return (
    <Notice title={_("You have been removed from the test")} tone="alarm">
      <p>{_("The test is over for you and cannot be entered again. The proctor draws up a protocol, in which you may write your own statement.")}</p>
      <p>{_("The answers saved until now are kept unchanged.")}</p>
      <Registration state={state} clause="DC-15" />
      <QuitLink state={state} />
      <SignOut runner={runner} />
    </Notice>
  );
}

export function Absent({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  return (
    <Notice title={_("You can no longer enter this test")} tone="alarm">
      <p>{_("The time for admission has passed. If you have a valid reason, ask the proctor what documents are needed.")}</p>
      <Registration state={state} clause="DC-16" />
      <QuitLink state={state} />
      <SignOut runner={runner} />
    </Notice>
  );
}

/** Under a button that has been pressed while there is no network: what it asks for is done without a second press. */
export function Delayed({ runner, text }: { runner: Runner; text: string }): VNode | null {
  if (!runner.isBusy.value || !runner.network.isCut) return null;
  return (
    <p class="kept">
      {text} {runner.network.line.value === "called" && _("If it takes long, raise your hand.")}
    </p>
  );
}

/** Frees the computer for the next candidate. */
export function SignOut({ runner }: { runner: Runner }): VNode {
  return (
    <>
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        disabled={runner.isBusy.value}
        onClick={() => void runner.signOut()}
      >
        {_("Sign out")}
      </button>
      <Delayed runner={runner} text={_("There is no network just now. Signing out goes on by itself as soon as the network is back.")} />
    </>
  );
}

function Registration({ state, clause }: { state: RunnerState; clause: string }): VNode {
  return (
    <p>
      {_("Registration number: %(number)s", { number: state.registration_no })} <span class="clause">{clause}</span>
    </p>
  );
}

export function OtherDevice({ runner }: { runner: Runner }): VNode {
  return (
    <Notice title={_("Your test was opened on another computer")} tone="alarm">
      <p>{_("A test can be open at one seat only. Raise your hand and call the proctor. Your saved answers are safe.")}</p>
      <div class="button-row">
        <button type="button" class="govuk-button" onClick={() => void runner.resume()}>
          {_("Try again")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => runner.askSignIn()}>
          {_("I have a new code")}
        </button>
      </div>
    </Notice>
  );
}

/** The code was typed here while another computer holds the test: the proctor decides, and this page goes on by itself. */
export function DeviceWaits({ runner }: { runner: Runner }): VNode {
  return (
    <Notice title={_("Your test is open on another computer")}>
      <p>{_("The proctor sees that you are here. Wait at this page: it goes on by itself as soon as the proctor lets it.")}</p>
      <p>{_("Your saved answers are safe.")}</p>
      <Delayed runner={runner} text={_("There is no network just now. Signing in goes on by itself as soon as the network is back.")} />
      <button type="button" class="govuk-button govuk-button--secondary" onClick={() => runner.stopWaiting()}>
        {_("Do not wait")}
      </button>
    </Notice>
  );
}

export function OtherTab({ onTakeOver }: { onTakeOver: () => void }): VNode {
  return (
    <Notice title={_("The test is open in another tab")}>
      <p>{_("Only one tab can be used. Close this one and go on in the other, or continue here.")}</p>
      <div class="button-row">
        <button type="button" class="govuk-button" onClick={onTakeOver}>
          {_("Continue in this tab")}
        </button>
      </div>
    </Notice>
  );
}
