// The working area beside the item (DC-13): writing with signs, a drawing, and whether all of it is safe.
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Written } from "../../common/formula/Written";
import { _ } from "../../common/i18n";
import { Sheet } from "./Sheet";
import { Signs, put, type Sign } from "./Signs";
import type { Safety, WorkingArea } from "./ctrl";

interface PanelProps {
  readonly area: WorkingArea;
  /** While an answer is on its way, what is written would not reach its step any more. */
  readonly isLocked: boolean;
}

/** Keys pressed in here are of here: none chooses an answer or goes on to the next question. */
export function WorkingPanel({ area, isLocked }: PanelProps): VNode {
  const isStill = isLocked || !area.isReady.value;
  return (
    <section
      class="panel working"
      aria-labelledby="working-title"
      onKeyDown={(event) => event.stopPropagation()}
      onFocusOut={() => area.hurry()}
    >
      <h2 class="working__title" id="working-title">
        {_("Your solution")}
      </h2>
      <p class="working__hint">
        {_("Show how you got the answer. It is saved with the answer and read if you appeal.")} <span class="clause">DC-13, DC-26</span>
      </p>
      {area.kinds.value.includes("text") && <Writing area={area} isStill={isStill} />}
      {area.hasDrawing.value && <Sheet area={area} isStill={isStill} />}
      <SafetyLine safety={area.safety.value} />
    </section>
  );
}

function Writing({ area, isStill }: { area: WorkingArea; isStill: boolean }): VNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const [line, setLine] = useState(0);
  const hasFormulas = area.kinds.value.includes("formula");
  const write = (box: HTMLTextAreaElement) => {
    area.write(box.value);
    if (box.value !== area.text.value) box.value = area.text.value; // there was no room for it
    follow(box);
  };
  const follow = (box: HTMLTextAreaElement) => setLine(box.value.slice(0, box.selectionStart).split("\n").length - 1);
  const insert = (sign: Sign) => {
    const box = field.current;
    if (!box || isStill) return;
    put(sign, box);
    box.focus();
    write(box);
  };
  return (
    <div class="working__writing">
      <div class="working__head">
        <label class="working__label" for="working-text">
          {_("In writing")}
        </label>
        {hasFormulas && (
          <span class="working__typed" id="working-formulas">
            {_("Formulas:")} <code>x^2</code> <code>3/4</code> <code>sqrt(3)</code> <code>{"<="}</code> <code>pi</code>
          </span>
        )}
      </div>
      <textarea
        ref={field}
        id="working-text"
        class="govuk-textarea working__text"
        rows={4}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        readOnly={isStill}
        aria-describedby={hasFormulas ? "working-formulas" : undefined}
        value={area.text.value}
        onInput={(event) => write(event.currentTarget)}
        onSelect={(event) => follow(event.currentTarget)}
      />
      {hasFormulas && <Written text={area.text.value} label={_("Your writing with its formulas")} line={line} />}
      {hasFormulas && <Signs onPut={insert} />}
    </div>
  );
}

function SafetyLine({ safety }: { safety: Safety }): VNode {
  const said: Record<Safety, string> = {
    empty: _("Nothing written yet"),
    saving: _("Saving…"),
    saved: _("Your solution is saved"),
    waiting: _("Kept on this computer; sent as soon as the network is back"),
    full: _("There is no more room: the last change was not taken. Erase something you do not need."),
  };
  const isTold = safety === "full" || safety === "waiting";
  return (
    <p class={isTold ? "working__safety working__safety--told" : "working__safety"} role={isTold ? "alert" : undefined}>
      {said[safety]}
    </p>
  );
}
