// What a screen reader is told, politely, of things that happen by themselves.
import { clockText } from "../common/clock";
import { announce } from "../common/dom";
import { _, ngettext } from "../common/i18n";

export const sayPaused = () => announce(_("The test is paused. Your time stands still."));
export const saySaved = () => announce(_("Your answer is saved."));
export const sayWaiting = () => announce(_("Waiting for the network: keep working"));
export const sayCalled = () => announce(_("There is still no network. The proctor has been called."));
export const sayBack = () => announce(_("The network is back."));

export function sayGiven(seconds: number): void {
  announce(_("Lost time given back to you: %(time)s", { time: clockText(seconds) }));
}

export function sayTimeLeft(seconds: number): void {
  announce(ngettext("%(n)s minute is left.", "%(n)s minutes are left.", Math.round(seconds / 60)));
}
