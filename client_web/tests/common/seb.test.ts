import { afterEach, describe, expect, it, vi } from "vitest";
import { leaveForOwnAddress, readSeb } from "../../src/common/seb";

const KEY = "1f".repeat(32);

afterEach(() => {
  delete window.SafeExamBrowser;
  vi.useRealTimers();
});

describe("what Safe Exam Browser tells", () => {
  it("is nothing in another browser, which also stays where it is", async () => {
    expect(await readSeb()).toBeNull();
    expect(leaveForOwnAddress()).toBe(false);
  });

  it("is its version, the address and both hashes", async () => {
    window.SafeExamBrowser = { version: "SEB_Windows_3.9", security: { configKey: KEY, browserExamKey: "ab" } };
    expect(await readSeb()).toEqual({ url: location.href, config_key: KEY, exam_key: "ab", version: "SEB_Windows_3.9" });
  });

  it("is asked for where it is not there yet, by a global function with a name", async () => {
    const security = {
      configKey: ":",
      browserExamKey: "",
      updateKeys(ready: () => void) {
        this.configKey = KEY;
        const named = (window as unknown as Record<string, () => void>)[ready.name];
        setTimeout(() => named?.(), 5);
      },
    };
    window.SafeExamBrowser = { security };
    expect((await readSeb())?.config_key).toBe(KEY);
  });

  it("is told as it is when the browser never answers", async () => {
    vi.useFakeTimers();
    window.SafeExamBrowser = { security: { configKey: "", updateKeys: () => undefined } };
    const told = readSeb();
    await vi.advanceTimersByTimeAsync(2000);
    expect((await told)?.config_key).toBe("");
  });

  it("leads to an address of its own, once", () => {
    const go = vi.spyOn(location, "replace").mockImplementation(() => undefined);
    window.SafeExamBrowser = {};
    expect(leaveForOwnAddress()).toBe(true);
    expect(go).toHaveBeenCalledWith("/exam/start");
    history.replaceState(null, "", "?seb=nonce");
    expect(leaveForOwnAddress()).toBe(false);
  });
});
