// The briefing, step by step, with the clause each rule comes from. Times are those the server gave.
import { _, ngettext } from "../common/i18n";
import type { RunnerState } from "../common/wire";

export interface Rule {
  readonly text: string;
  readonly clause?: string;
}

export interface BriefingStep {
  readonly id: string;
  readonly title: string;
  readonly allowed?: readonly Rule[];
  readonly forbidden?: readonly Rule[];
}

/** What is told to everybody of the sitting, no condition of one's own. */
export const isTold = ({ effect }: { readonly effect: string }): boolean => effect === "told";

export function briefing(state: RunnerState): readonly BriefingStep[] {
  return [seat(state), time(state), answering(state), saving(), forbidden(), { id: "practice", title: _("Practice") }];
}

function seat(state: RunnerState): BriefingStep {
  const place = state.seat
    ? _("You are %(name)s, registration number %(number)s, seat %(seat)s.", facts(state))
    : _("You are %(name)s, registration number %(number)s.", facts(state));
  return {
    id: "seat",
    title: _("Your place"),
    allowed: [
      { text: place, clause: "DC-10" },
      { text: _("If anything of this is wrong, tell the proctor before the start.") },
      { text: _("Keep your identity document on the desk: the proctor checks it before you are admitted."), clause: "DC-9" },
      { text: _("If you need help or the computer fails, raise your hand. Your saved answers are not lost.") },
    ],
  };
}

function facts(state: RunnerState): Record<string, string> {
  return { name: state.name, number: state.registration_no, seat: state.seat ?? "" };
}

function time(state: RunnerState): BriefingStep {
  const sections = state.sections.map((section) => ({
    text: _("%(title)s: %(time)s", {
      title: section.title,
      time: ngettext("%(n)s minute", "%(n)s minutes", Math.round((section.limit_s + section.extra_s) / 60)),
    }),
    clause: "DC-12",
  }));
  return {
    id: "time",
    title: _("Time"),
    allowed: [
      { text: _("The test has these sections, in this order:") },
      ...sections,
      { text: _("The time left is at the top right. You are told when ten, five and one minutes are left.") },
      { text: _("When the time of a section is over it closes by itself. An answer you have chosen by then is sent."), clause: "DC-12" },
      { text: _("Whoever comes late has only the time that remains."), clause: "DC-16" },
    ],
  };
}

function answering(state: RunnerState): BriefingStep {
  return {
    id: "answering",
    title: _("How to answer"),
    allowed: [
      { text: _("Choose an answer with the mouse, or with the keys A–D, 1–4 or the arrows. You may change it until you go on.") },
      { text: _("Where an answer has to be written, write it in the box. Numbers may have a comma or a point.") },
      { text: _("Press “Next question” or the Enter key to go on. You cannot come back to a question once you have left it.") },
      { text: _("You may leave a question without an answer; the page asks whether you mean it.") },
      { text: _("The questions are chosen for you as you answer. Everybody has tasks of all three levels of difficulty."), clause: "DC-8" },
      ...state.conditions.filter(isTold).map(({ words }) => ({ text: words, clause: "DC-8" })),
    ],
  };
}

function saving(): BriefingStep {
  return {
    id: "saving",
    title: _("How answers are saved"),
    allowed: [
      { text: _("Each answer is sent when you go on. “Answer saved” at the top means that it has reached the server.") },
      { text: _("If the network fails, the page says “Waiting for the network”. Your answer is kept on this computer and sent by itself.") },
      { text: _("If the computer is switched off or replaced, you go on from the same question.") },
    ],
  };
}

function forbidden(): BriefingStep {
  const clause = "DC-15";
  return {
    id: "forbidden",
    title: _("What is forbidden"),
    forbidden: [
      { text: _("Talking, asking other candidates or prompting them"), clause },
      { text: _("Exchanging things of any kind"), clause },
      { text: _("Calculators, phones and other electronic devices"), clause },
      { text: _("Dictionaries, notes and other sources"), clause },
      { text: _("Leaving the room during the test"), clause },
    ],
    allowed: [
      {
        text: _("Whoever breaks these rules is removed with a protocol, may not enter again, and loses the right to the certificate with distinction."),
        clause,
      },
      { text: _("The page notes when its window is left, and the proctor sees it.") },
    ],
  };
}
