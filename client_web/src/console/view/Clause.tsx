// The clause an act stands under, and what came of the act: both next to its button.
import type { VNode } from "preact";
import { paragraph } from "../../common/clause";
import { _ } from "../../common/i18n";
import type { Snapshot } from "../../common/wire";
import type { ActState } from "../types";
import { clauseId, type ClauseOf } from "./words";

export function Clause({ snapshot, act, id }: { snapshot: Snapshot; act: ClauseOf; id?: string }): VNode | null {
  const clause = snapshot.clauses[clauseId(act)];
  if (!clause) return null;
  return (
    <span class="act-clause" {...(id ? { id } : {})}>
      <b>{paragraph(clause.id)}</b> {clause.title}
    </span>
  );
}

/** Trouble speaks at once; what was done is also announced by the acts themselves. */
export function Outcome({ state }: { state: ActState }): VNode | null {
  const { trouble, done } = state;
  if (trouble) {
    return (
      <div class="outcome outcome--trouble" role="alert">
        <p class="outcome__text">{trouble.message}</p>
        {trouble.clause && <p class="outcome__clause">{trouble.clause}</p>}
        {trouble.needsReload && (
          <button type="button" class="govuk-button govuk-button--secondary" onClick={() => location.reload()}>
            {_("Reload the page")}
          </button>
        )}
      </div>
    );
  }
  if (!done) return null;
  return (
    <div class="outcome outcome--done">
      <p class="outcome__text">
        {done.note} {done.clause && <span class="outcome__clause">{paragraph(done.clause)}</span>}
      </p>
    </div>
  );
}
