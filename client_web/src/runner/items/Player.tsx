// The recording beside an item: one button, how many plays remain, how far it is, how loud. Nothing to save, nothing to wind back.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";
import type { StepView } from "../../common/wire";
import { Sound } from "./sound";
import "./player.scss";

type Recording = NonNullable<StepView["recording"]>;

/** `given` is how many plays the proctor has given back. */
export function Player({ step, recording, given }: { step: StepView; recording: Recording; given: number }): VNode {
  const sound = useMemo(() => new Sound(step, recording, given), []);
  useEffect(() => () => sound.stop(), []);
  useEffect(() => sound.learn(recording.used, given), [recording.used, given]);
  const { plays, duration_ms, transcript } = recording;
  return (
    <section class="player" aria-label={_("Recording")}>
      <p class="player__title" lang={step.item.language}>
        {recording.title}
      </p>
      <div class="player__row">
        <Button sound={sound} mayPause={recording.may_pause} />
        <progress class="player__bar" max={duration_ms} value={sound.heard_ms.value} aria-hidden="true" />
        <span class="player__time" aria-hidden="true">
          {clock(sound.heard_ms.value)} / {clock(duration_ms)}
        </span>
        <label class="player__volume">
          {_("Volume")}
          <input type="range" min={0} max={100} step={10} value={sound.volume.value} onInput={(event) => sound.loudness(event.currentTarget.valueAsNumber)} />
        </label>
      </div>
      <p class="player__left">{_("Plays left: %(left)s of %(plays)s", { left: sound.left, plays })}</p>
      <Trouble sound={sound} />
      {transcript && (
        <details class="player__text" open>
          <summary>{_("Text of the recording")}</summary>
          <div lang={step.item.language}>
            <RichText content={transcript} />
          </div>
        </details>
      )}
    </section>
  );
}

function Button({ sound, mayPause }: { sound: Sound; mayPause: boolean }): VNode {
  const phase = sound.phase.value;
  const isAsleep = phase === "fetching" || (phase === "playing" && !mayPause) || (phase === "still" && sound.left === 0);
  const press = () => void (phase === "still" ? sound.play() : sound.pause());
  return (
    <button type="button" class="govuk-button govuk-button--secondary player__play" aria-disabled={isAsleep} onClick={press}>
      {labelOf(phase, sound.left, mayPause)}
    </button>
  );
}

function labelOf(phase: Sound["phase"]["value"], left: number, mayPause: boolean): string {
  if (phase === "fetching") return _("One moment…");
  if (phase === "paused") return _("Go on listening");
  if (phase === "playing") return mayPause ? _("Pause the recording") : _("Playing…");
  return left > 0 ? _("Listen") : _("No plays left");
}

/** What is amiss, and what to do. */
function Trouble({ sound }: { sound: Sound }): VNode | null {
  if (sound.isCut.value) {
    return (
      <p class="player__trouble" role="status">
        {_("There is no network just now. The recording begins by itself when the network is back, and counts once. The clock goes on: answer what you can.")}
      </p>
    );
  }
  const refusal = sound.refusal.value;
  if (!refusal && !sound.isBroken.value) return null;
  return (
    <p class="player__trouble" role="alert">
      {refusal?.message ?? _("This computer cannot play the recording. Raise your hand: the proctor will help.")}
    </p>
  );
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
