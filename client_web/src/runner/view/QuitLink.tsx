// The way out of Safe Exam Browser, which closes when it comes to this address; nothing in any other browser.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { RunnerState } from "../../common/wire";

export function QuitLink({ state }: { state: RunnerState }): VNode | null {
  if (!state.quit_url) return null;
  return (
    <p>
      <a class="govuk-button" href={state.quit_url}>
        {_("Close Safe Exam Browser")}
      </a>
    </p>
  );
}
