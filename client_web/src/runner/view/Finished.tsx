// The end: thanks, and the grades with the decision and its reasons once they are released.
import type { VNode } from "preact";
import { useFocus } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { GradeView, ResultView, RunnerState } from "../../common/wire";
import type { Runner } from "../ctrl";
import { SignOut } from "./Notices";
import { QuitLink } from "./QuitLink";

export function Finished({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  const heading = useFocus<HTMLHeadingElement>(state.result !== null);
  return (
    <section class="panel finished">
      <h1 class="finished__title" tabIndex={-1} ref={heading}>
        {state.result ? _("Your result") : _("The test is finished. Thank you.")}
      </h1>
      {state.result ? <Result result={state.result} /> : <Waited />}
      <p class="finished__number">{_("Registration number: %(number)s", { number: state.registration_no })}</p>
      <p>{_("Form No. %(number)s", { number: state.form_no })}</p>
      {state.result && (
        <p>
          <a class="govuk-link" href="/exam/score-report">
            {_("Score report, papers and appeal")}
          </a>
        </p>
      )}
      <QuitLink state={state} />
      <SignOut runner={runner} />
    </section>
  );
}

function Waited(): VNode {
  return (
    <>
      <p>{_("All your answers are saved and sealed.")}</p>
      <p>{_("You may leave your seat when the proctor allows it. The grades appear here and at your school when they are released.")}</p>
    </>
  );
}

function Result({ result }: { result: ResultView }): VNode {
  return (
    <>
      <div class={result.is_eligible ? "decision decision--yes" : "decision decision--no"}>
        <p class="decision__text">
          {result.decision} <span class="clause">{result.clause}</span>
        </p>
        {result.reasons.length > 0 && (
          <ul class="decision__reasons">
            {result.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
      <div class="table-scroll" role="region" aria-label={_("Grades by subject")} tabIndex={0}>
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m">{_("Grades by subject")}</caption>
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              <Th>{_("Subject")}</Th>
              <Th>{_("Percent of points")}</Th>
              <Th>{_("Grade")}</Th>
              <Th>{_("Rule")}</Th>
            </tr>
          </thead>
          <tbody class="govuk-table__body">{result.grades.map((grade) => <Row key={grade.subject} grade={grade} />)}</tbody>
        </table>
      </div>
    </>
  );
}

function Th({ children }: { children: string }): VNode {
  return (
    <th scope="col" class="govuk-table__header">
      {children}
    </th>
  );
}

function Row({ grade }: { grade: GradeView }): VNode {
  return (
    <tr class="govuk-table__row">
      <th scope="row" class="govuk-table__header">
        {grade.title}
      </th>
      <td class="govuk-table__cell">
        {grade.percent_text} <span class="clause">{grade.percent_sd && `± ${grade.percent_sd}`}</span>
      </td>
      <td class="govuk-table__cell">
        <strong class={grade.is_right_kept ? "govuk-tag govuk-tag--green" : "govuk-tag govuk-tag--red"}>{grade.grade_title}</strong>
      </td>
      <td class="govuk-table__cell">{grade.clause}</td>
    </tr>
  );
}
