// The frame around each screen: the bar on top, the pill, the language switch, dialogs and the live region.
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { spoken, useModal } from "./dom";
import { _, LANGUAGES, language } from "./i18n";
import type { Language } from "./wire";
import "../style/fonts.css";
import "../style/base.scss";

interface BarProps {
  readonly title: string;
  readonly who?: string;
  readonly children?: ComponentChildren;
}

/** The bar on top; its children stand at the right. */
export function Bar({ title, who = "", children }: BarProps): VNode {
  return (
    <header class="bar">
      <div class="bar__inner">
        <span class="bar__title">{title}</span>
        {who && <span class="bar__who">{who}</span>}
        <div class="bar__right">{children}</div>
      </div>
    </header>
  );
}

export type PillKind = "good" | "busy" | "wait" | "off";

export function Pill({ kind, children }: { kind: PillKind; children: ComponentChildren }): VNode {
  return <span class={`pill pill--${kind}`}>{children}</span>;
}

const LANGUAGE_ORDER: readonly Language[] = ["ky", "ru", "en"];

export function LanguageSwitch({ onChoose }: { onChoose: (language: Language) => void }): VNode {
  return (
    <div class="languages" role="group" aria-label={_("Language of the page")}>
      {LANGUAGE_ORDER.map((code) => (
        <button
          key={code}
          type="button"
          class="languages__choice"
          lang={code}
          title={LANGUAGES[code]}
          aria-pressed={language() === code}
          onClick={() => onChoose(code)}
        >
          {LANGUAGES[code].slice(0, 3)}
        </button>
      ))}
    </div>
  );
}

interface DialogProps {
  readonly title: string;
  readonly isAlarm?: boolean;
  /** Called on Escape; without it the dialog can be left only by its own buttons. */
  readonly onCancel?: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog, shown as long as it is rendered. Buttons go into a `<div class="dialog__actions">`. */
export function Dialog({ title, isAlarm = false, onCancel, children }: DialogProps): VNode {
  const ref = useModal(onCancel);
  const id = useId();
  return (
    <dialog ref={ref} class={isAlarm ? "dialog dialog--alarm" : "dialog"} aria-labelledby={id}>
      <h2 id={id} class="dialog__title" tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** Place it once in a page, always rendered; `announce()` speaks through it. */
export function LiveRegion(): VNode {
  return (
    <div class="govuk-visually-hidden" role="status" aria-live="polite">
      {spoken.value}
    </div>
  );
}
