// Instants and spans as the room's wall clock shows them. Numbers only, so no language data of the browser is used.
import { clockText } from "../../common/clock";

let zone: string | undefined;

/** The room's time zone; an unknown one leaves the computer's own. */
export function useZone(name: string | undefined): void {
  try {
    zone = name === undefined || name === "" ? undefined : new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    zone = undefined;
  }
}

/** `09:00`, or `09:00:07`. */
export function hourText(at: number | string, hasSeconds = false): string {
  const instant = typeof at === "string" ? Date.parse(at) : at;
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-GB", {
    ...shape,
    ...(hasSeconds ? { second: "2-digit" } : {}),
    ...(zone ? { timeZone: zone } : {}),
  }).format(instant);
}

/** `14.03.2009` of `2009-03-14`. */
export function dateText(iso: string): string {
  return /^\d{4}-\d{2}-\d{2}/.test(iso) ? iso.slice(0, 10).split("-").reverse().join(".") : iso;
}

/** `00:42` or `1:05:00`. */
export function spanText(seconds: number): string {
  return clockText(Math.max(0, Math.floor(seconds)));
}

/** Whole seconds from `at_ms` to an instant, below 0 when it has passed; null without one. */
export function secondsTo(instant: string | null, at_ms: number): number | null {
  return instant === null ? null : Math.floor((Date.parse(instant) - at_ms) / 1000);
}
