// Beside the test: call the proctor on technical matters, go to full screen, and be told when leaving was recorded.
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useFocus } from "../../common/dom";
import { _, language, ngettext } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { CallKindView, CallView } from "../../common/wire";
import type { Runner } from "../ctrl";
import { Caller } from "./caller";

const WORDS_MAX = 200;

export function Help({ runner }: { runner: Runner }): VNode {
  const caller = useMemo(() => new Caller(runner), [runner]);
  const shown = language();
  useEffect(() => void caller.load(), [caller, shown]);
  useEffect(() => () => caller.stop(), [caller]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.code !== "KeyP" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      if (!runner.call.value) caller.open();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [caller]);
  const call = runner.call.value;
  return (
    <div class="help__row">
      <FullScreen runner={runner} isAsked={caller.help.value?.asks_full_screen ?? false} />
      <Left runner={runner} />
      <div class="help__call">
        {call ? (
          <CallState call={call} onWithdraw={() => void caller.withdraw()} />
        ) : (
          <button type="button" class="govuk-button govuk-button--secondary help__button" aria-keyshortcuts="Alt+P" onClick={() => caller.open()}>
            {_("Call the proctor")} <span class="help__key">Alt+P</span>
          </button>
        )}
      </div>
      {caller.isOpen.value && <CallDialog caller={caller} />}
    </div>
  );
}

function CallState({ call, onWithdraw }: { call: CallView; onWithdraw: () => void }): VNode {
  const said: Record<CallView["state"], string> = {
    asked: _("The proctor has been called. Stay at your seat."),
    taken: _("The proctor is coming to you."),
    answered: _("The proctor has answered you."),
    closed: "",
  };
  return (
    <>
      <p class="help__state" role="status">
        {said[call.state]}
      </p>
      <button type="button" class="govuk-button govuk-button--secondary help__button" onClick={onWithdraw}>
        {_("I need no more help")}
      </button>
    </>
  );
}

function CallDialog({ caller }: { caller: Caller }): VNode {
  const [worded, setWorded] = useState<CallKindView | null>(null);
  const [words, setWords] = useState("");
  const isPending = caller.pending.value !== null;
  const refusal = caller.refusal.value;
  const field = useFocus<HTMLInputElement>(worded);
  const choose = (kind: CallKindView) => (kind.needs_text ? setWorded(kind) : void caller.call(kind.code));
  const send = (event: Event) => {
    event.preventDefault();
    if (worded) void caller.call(worded.code, words);
  };
  const close = () => (caller.isOpen.value = false);
  return (
    <Dialog title={_("Call the proctor")} onCancel={close}>
      <p>{_("For the computer, the screen, or when you feel ill. Questions about the tasks are not answered. Your time goes on.")}</p>
      {refusal && (
        <p class="trouble__line" role="alert">
          {refusal.message}
        </p>
      )}
      {isPending ? (
        <p role="status">{_("Calling. If there is no network, the call goes out as soon as it is back. You may also raise your hand.")}</p>
      ) : worded ? (
        <form onSubmit={send}>
          <label class="govuk-label" for="call-words">
            {worded.title}
          </label>
          <input
            id="call-words"
            class="govuk-input"
            maxLength={WORDS_MAX}
            autocomplete="off"
            ref={field}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
          <div class="dialog__actions">
            <button type="submit" class="govuk-button">
              {_("Call the proctor")}
            </button>
          </div>
        </form>
      ) : (
        <ul class="help__kinds">
          {(caller.help.value?.kinds ?? []).map((kind) => (
            <li key={kind.code}>
              <button type="button" class="govuk-button govuk-button--secondary help__kind" onClick={() => choose(kind)}>
                {kind.title}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="dialog__actions">
        <button type="button" class="govuk-button govuk-button--secondary" onClick={close}>
          {_("Back to the test")}
        </button>
      </div>
    </Dialog>
  );
}

/** Calm words: it happened, it is on record, the test goes on. */
function Left({ runner }: { runner: Runner }): VNode {
  const { unread } = runner.presence;
  const n = unread.value;
  return (
    <div class="help__left" role="status">
      {n > 0 && (
        <>
          <p class="help__note">
            {ngettext(
              "You left the test window. This was recorded, and the proctor sees it. Go on calmly.",
              "You left the test window %(n)s times. This was recorded, and the proctor sees it. Go on calmly.",
              n,
            )}
          </p>
          <button type="button" class="govuk-button govuk-button--secondary help__button" onClick={() => (unread.value = 0)}>
            {_("Understood")}
          </button>
        </>
      )}
    </div>
  );
}

/** Asked for where the browser is not locked by itself. */
function FullScreen({ runner, isAsked }: { runner: Runner; isAsked: boolean }): VNode | null {
  const [isFull, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  if (!isAsked || isFull || !document.fullscreenEnabled || runner.state.value?.quit_url) return null;
  const isLeft = runner.presence.isFullLeft.value;
  const enter = () => document.documentElement.requestFullscreen().catch(() => undefined);
  return (
    <button type="button" class={isLeft ? "govuk-button help__button" : "govuk-button govuk-button--secondary help__button"} onClick={() => void enter()}>
      <svg class="help__icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5" />
      </svg>
      <span class="help__words">{isLeft ? _("Back to full screen") : _("Work in full screen")}</span>
    </button>
  );
}
