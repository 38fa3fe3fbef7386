// Fields of the console's forms: a label, a hint, the fault if there is one, and the control.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { Faults } from "../types";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
}

function described({ id, hint, fault }: FieldProps): string | undefined {
  return [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ") || undefined;
}

function Group({ field, children }: { field: FieldProps; children: ComponentChildren }): VNode {
  return (
    <div class={field.fault ? "field field--fault" : "field"}>
      <label class="field__label" for={field.id}>
        {field.label}
      </label>
      <Notes field={field} />
      {children}
    </div>
  );
}

export function Notes({ field }: { field: Pick<FieldProps, "id" | "hint" | "fault"> }): VNode {
  return (
    <>
      {field.hint && (
        <p class="field__hint" id={`${field.id}-hint`}>
          {field.hint}
        </p>
      )}
      {field.fault && (
        <p class="field__fault" id={`${field.id}-fault`}>
          <span class="govuk-visually-hidden">{_("Error:")} </span>
          {field.fault}
        </p>
      )}
    </>
  );
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly max: number;
  readonly rows?: number;
  readonly onInput: (text: string) => void;
}

export function TextLine(props: TextProps): VNode {
  return (
    <Group field={props}>
      <input
        id={props.id}
        class={props.fault ? "govuk-input govuk-input--error" : "govuk-input"}
        type="text"
        autocomplete="off"
        spellcheck={false}
        maxLength={props.max}
        value={props.value}
        aria-invalid={props.fault ? "true" : undefined}
        aria-describedby={described(props)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Group>
  );
}

/** A PIN: typed anew each time, kept nowhere. */
export function PinLine(props: Omit<TextProps, "max" | "rows">): VNode {
  return (
    <Group field={props}>
      <input
        id={props.id}
        class="govuk-input govuk-input--width-10"
        type="password"
        inputMode="numeric"
        autocomplete="new-password"
        maxLength={24}
        value={props.value}
        aria-invalid={props.fault ? "true" : undefined}
        aria-describedby={described(props)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Group>
  );
}

export function TextBox(props: TextProps): VNode {
  return (
    <Group field={props}>
      <textarea
        id={props.id}
        class={props.fault ? "govuk-textarea govuk-textarea--error" : "govuk-textarea"}
        rows={props.rows ?? 3}
        maxLength={props.max}
        value={props.value}
        aria-invalid={props.fault ? "true" : undefined}
        aria-describedby={described(props)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Group>
  );
}

interface SelectProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly children: ComponentChildren;
}

export function Select(props: SelectProps): VNode {
  return (
    <Group field={props}>
      <select
        id={props.id}
        class={props.fault ? "govuk-select govuk-select--error" : "govuk-select"}
        value={props.value}
        aria-invalid={props.fault ? "true" : undefined}
        aria-describedby={described(props)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      >
        {props.children}
      </select>
    </Group>
  );
}

interface TickProps {
  readonly id: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly describedBy?: string | undefined;
  readonly onInput: (isOn: boolean) => void;
}

export function Tick({ id, label, isOn, describedBy, onInput }: TickProps): VNode {
  return (
    <div class="govuk-checkboxes govuk-checkboxes--small tick">
      <div class="govuk-checkboxes__item">
        <input
          id={id}
          class="govuk-checkboxes__input"
          type="checkbox"
          checked={isOn}
          aria-describedby={describedBy}
          onInput={(event) => onInput(event.currentTarget.checked)}
        />
        <label class="govuk-label govuk-checkboxes__label" for={id}>
          {label}
        </label>
      </div>
    </div>
  );
}

/** All that is wrong with a form, above it, with links to the fields. It takes the focus at each new try. */
export function FaultSummary({ faults, prefix, tries }: { faults: Faults; prefix: string; tries: number }): VNode | null {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tries > 0) ref.current?.focus();
  }, [tries]);
  const entries = Object.entries(faults);
  if (entries.length === 0) return null;
  return (
    <div class="fault-summary" role="alert" tabIndex={-1} ref={ref}>
      <p class="fault-summary__title">{_("This is still missing:")}</p>
      <ul>
        {entries.map(([name, text]) => (
          <li key={name}>
            <a href={`#${prefix}-${name}`} onClick={(event) => goTo(event, `${prefix}-${name}`)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function goTo(event: Event, id: string): void {
  event.preventDefault();
  const found = document.getElementById(id);
  const control = found?.matches("input, select, textarea") ? found : found?.querySelector<HTMLElement>("input");
  (control ?? found)?.focus();
}
