// The sign-in form: registration number and the one-time code from the registration sheet.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useFocus } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { Runner } from "../ctrl";
import { Delayed } from "./Notices";

type Missing = { readonly number: boolean; readonly code: boolean };

export function SignIn({ runner }: { runner: Runner }): VNode {
  const [number, setNumber] = useState("");
  const [code, setCode] = useState("");
  const [missing, setMissing] = useState<Missing>({ number: false, code: false });
  const first = useFocus<HTMLInputElement>();
  const submit = (event: Event) => {
    event.preventDefault();
    const lacks = { number: number.trim() === "", code: code.trim() === "" };
    setMissing(lacks);
    if (!lacks.number && !lacks.code) void runner.signIn(number.trim(), code.trim());
  };
  return (
    <section class="panel sign-in">
      <h1 class="sign-in__title">{_("Sign in to the test")}</h1>
      <p class="sign-in__hint">{_("Both are printed on your registration sheet.")}</p>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Field
          id="registration-no"
          label={_("Registration number")}
          error={missing.number ? _("Enter your registration number") : null}
          value={number}
          onValue={setNumber}
          inputRef={first}
        />
        <Field
          id="code"
          label={_("One-time code")}
          error={missing.code ? _("Enter the code") : null}
          value={code}
          onValue={setCode}
        />
        <button type="submit" class="govuk-button" disabled={runner.isBusy.value}>
          {runner.isBusy.value ? _("Signing in…") : _("Sign in")}
        </button>
        <Delayed runner={runner} text={_("There is no network just now. Signing in goes on by itself as soon as the network is back.")} />
      </form>
      <p class="sign-in__help">{_("If the code is lost or does not work, raise your hand: the proctor gives you a new one.")}</p>
      <p class="sign-in__help">{_("To read your result, type the code that stands on your notice of results.")}</p>
      {isSebOf(runner) && (
        <p class="sign-in__help">
          <a class="govuk-link" href="/exam/seb">
            {_("Check of this computer")}
          </a>
        </p>
      )}
    </section>
  );
}

/** Safe Exam Browser has no address bar: from here its staff come to what it sends. */
function isSebOf(runner: Runner): boolean {
  return window.SafeExamBrowser !== undefined || (runner.refusal.value?.code.startsWith("seb_") ?? false);
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly error: string | null;
  readonly value: string;
  readonly onValue: (text: string) => void;
  readonly inputRef?: ReturnType<typeof useFocus<HTMLInputElement>>;
}

function Field({ id, label, error, value, onValue, inputRef }: FieldProps): VNode {
  return (
    <div class={error ? "govuk-form-group govuk-form-group--error" : "govuk-form-group"}>
      <label class="govuk-label govuk-label--s" for={id}>
        {label}
      </label>
      {error && (
        <p id={`${id}-error`} class="govuk-error-message">
          {error}
        </p>
      )}
      <input
        id={id}
        {...(inputRef ? { ref: inputRef } : {})}
        class={error ? "govuk-input govuk-input--error" : "govuk-input"}
        type="text"
        maxLength={40}
        autoCapitalize="characters"
        autoComplete="off"
        spellcheck={false}
        aria-invalid={error !== null}
        {...(error ? { "aria-describedby": `${id}-error` } : {})}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
