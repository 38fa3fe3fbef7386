import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Countdown, clockText } from "../../src/common/clock";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Countdown", () => {
  it("counts down in whole seconds and ends once", () => {
    const onEnd = vi.fn();
    const countdown = new Countdown({ onEnd });
    countdown.set(3000);
    expect(countdown.seconds.value).toBe(3);
    vi.advanceTimersByTime(1100);
    expect(countdown.seconds.value).toBe(2);
    vi.advanceTimersByTime(5000);
    expect(countdown.seconds.value).toBe(0);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it("does not care what the wall clock says", () => {
    const countdown = new Countdown();
    countdown.set(60_000);
    vi.setSystemTime(new Date("1999-01-01"));
    vi.advanceTimersByTime(1050);
    vi.setSystemTime(new Date("2050-01-01"));
    vi.advanceTimersByTime(1050);
    expect(countdown.seconds.value).toBe(58);
  });

  it("speaks at each mark once, and not at one it began below", () => {
    const onMark = vi.fn();
    const countdown = new Countdown({ marks_s: [600, 300, 60], onMark });
    countdown.set(302_000);
    vi.advanceTimersByTime(250_000);
    expect(onMark.mock.calls).toEqual([[300], [60]]);
  });

  it("stays silent about a mark passed long ago", () => {
    let now = 0;
    const onMark = vi.fn();
    const countdown = new Countdown({ marks_s: [600, 300, 60], onMark, now: () => now });
    countdown.set(620_000);
    now = 450_000; // the computer slept
    vi.advanceTimersByTime(1000);
    expect(onMark).not.toHaveBeenCalled();
  });

  it("takes a correction, but not the network's jitter", () => {
    const countdown = new Countdown();
    countdown.set(60_000);
    countdown.set(59_800);
    expect(countdown.remaining()).toBe(60_000);
    countdown.set(50_000);
    expect(countdown.seconds.value).toBe(50);
    countdown.set(90_000);
    expect(countdown.seconds.value).toBe(90);
  });

  it("stands still while paused and goes on from what the server says", () => {
    const countdown = new Countdown();
    countdown.set(60_000);
    countdown.set(58_000, false);
    vi.advanceTimersByTime(30_000);
    expect(countdown.seconds.value).toBe(58);
    countdown.set(58_000);
    vi.advanceTimersByTime(2050);
    expect(countdown.seconds.value).toBe(56);
  });

  it("ends again when time was given after the end", () => {
    const onEnd = vi.fn();
    const countdown = new Countdown({ onEnd });
    countdown.set(1000);
    vi.advanceTimersByTime(2000);
    countdown.set(0);
    countdown.set(300);
    vi.advanceTimersByTime(2000);
    expect(onEnd).toHaveBeenCalledTimes(2);
  });

  it("clears", () => {
    const countdown = new Countdown();
    countdown.set(1000);
    countdown.set(null);
    expect(countdown.seconds.value).toBeNull();
  });
});

describe("clockText", () => {
  it.each([
    [0, "00:00"],
    [59, "00:59"],
    [5339, "88:59"],
    [6000, "1:40:00"],
    [14_400, "4:00:00"],
  ])("%i s is %s", (seconds, text) => expect(clockText(seconds)).toBe(text));
});
