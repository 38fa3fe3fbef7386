// Practice with the very item form of the test. Nothing here leaves the page.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { practiceItems } from "../practice";
import type { Draft } from "../types";
import { ItemForm } from "./Item";

export function Practice(): VNode {
  const items = practiceItems();
  const [at, setAt] = useState(0);
  const [draft, setDraft] = useState<Draft>(null);
  const item = items[at];
  const go = (to: number) => {
    setAt(to);
    setDraft(null);
    if (to === items.length) announce(_("Practice is over."));
  };
  return (
    <div class="practice">
      <p class="practice__note">
        <strong class="govuk-tag">{_("Practice")}</strong> {_("These answers are not sent and not marked.")}
      </p>
      {item ? (
        <ItemForm
          key={at}
          item={item}
          name={`practice-${at}`}
          draft={draft}
          isLocked={false}
          onEdit={setDraft}
          onNext={() => go(at + 1)}
          nextLabel={_("Next question")}
        />
      ) : (
        <>
          <p>{_("That is all there is to it. In the test the next question comes once your answer is saved.")}</p>
          <button type="button" class="govuk-button govuk-button--secondary" onClick={() => go(0)}>
            {_("Practise again")}
          </button>
        </>
      )}
    </div>
  );
}
