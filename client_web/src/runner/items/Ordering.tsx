// Putting in order: each line has a button up and a button down, and may be dragged by its handle.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../../common/dom";
import { _, language } from "../../common/i18n";
import { RichText, plainText } from "../../common/rich";
import type { Draft } from "../types";
import type { ItemProps } from "./props";

export function Ordering({ item, draft, isLocked, onEdit }: ItemProps): VNode {
  const list = useRef<HTMLOListElement>(null);
  const pressed = useRef<string | null>(null);
  const order = orderOf(draft, item.options.map(({ id }) => id));
  const text = (id: string) => {
    const option = item.options.find((one) => one.id === id);
    return option ? (option.spoken ?? plainText(option.content)) : "";
  };
  const move = (id: string, to: number) => {
    if (isLocked || to < 0 || to >= order.length || order[to] === id) return;
    onEdit({ kind: "order", order: moved(order, id, to) });
    announce(_("%(text)s: now number %(n)s", { text: text(id), n: to + 1 }));
  };
  // The line that was moved may have been taken out and put back by the page, and the focus with it.
  useEffect(() => {
    if (pressed.current) document.getElementById(pressed.current)?.focus();
    pressed.current = null;
  }, [order.join()]);
  const drag = useDrag(list, order, move);
  return (
    <>
      <ol class="order" ref={list} lang={item.language}>
        {order.map((id, at) => (
          <li key={id} class="order__line">
            <span class="order__grip" aria-hidden="true" onPointerDown={(event) => !isLocked && drag(id, event)}>
              ⠿
            </span>
            <span class="order__number">{at + 1}</span>
            <span class="option__content">
              <RichText content={item.options.find((one) => one.id === id)?.content ?? []} spoken={item.options.find((one) => one.id === id)?.spoken ?? null} />
            </span>
            {[-1, 1].map((step) => (
              <button
                key={step}
                id={`move-${id}-${step}`}
                type="button"
                class="order__move"
                lang={language()}
                aria-disabled={isLocked || order[at + step] === undefined}
                aria-label={step < 0 ? _("Up: %(text)s", { text: text(id) }) : _("Down: %(text)s", { text: text(id) })}
                onClick={() => {
                  pressed.current = `move-${id}-${step}`;
                  move(id, at + step);
                }}
              >
                {step < 0 ? "↑" : "↓"}
              </button>
            ))}
          </li>
        ))}
      </ol>
      {draft === null && (
        <button type="button" class="govuk-button govuk-button--secondary" aria-disabled={isLocked} onClick={() => !isLocked && onEdit({ kind: "order", order })}>
          {_("The order is right as it stands")}
        </button>
      )}
    </>
  );
}

/** The lines as they stand: as the candidate put them, or as they were given. */
function orderOf(draft: Draft, given: readonly string[]): readonly string[] {
  return draft?.kind === "order" ? draft.order : given;
}

export function moved(order: readonly string[], id: string, to: number): readonly string[] {
  const others = order.filter((one) => one !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}

/** Mouse, pen and finger alike: the line follows the pointer past the middle of its neighbours. */
function useDrag(list: { readonly current: HTMLOListElement | null }, order: readonly string[], move: (id: string, to: number) => void) {
  const latest = useRef({ order, move });
  latest.current = { order, move };
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  return (id: string, event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const follow = ({ clientY }: PointerEvent) => {
      const others = [...(list.current?.children ?? [])].filter((_line, at) => latest.current.order[at] !== id);
      const to = others.filter((line) => line.getBoundingClientRect().top + line.getBoundingClientRect().height / 2 < clientY).length;
      latest.current.move(id, to);
    };
    stop.current = () => {
      window.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, stop.current);
    };
    window.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, stop.current);
  };
}
