// A slip before the camera: a right one opens the seat, a wrong one is told, and the camera is off whenever nobody looks.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Console } from "../../src/console/ctrl/console";
import { Eye, eyeText, findDetector } from "../../src/console/ctrl/eye";
import { strangerText } from "../../src/console/ctrl/scanner";
import { SlipReader } from "../../src/console/view/SlipReader";

/** What the browser's own detector sees in each frame, the last one again and again. */
let seen: string[][];
let track: { stop: ReturnType<typeof vi.fn>; onended: (() => void) | null };
let asked: ReturnType<typeof vi.fn>;

class Own {
  static getSupportedFormats = () => Promise.resolve(["ean_13", "qr_code"]);
  detect = () => Promise.resolve(((seen.length > 1 ? seen.shift() : seen[0]) ?? []).map((rawValue) => ({ rawValue })));
}

const named = (name: string) => Object.assign(new Error("x"), { name });
const stream = () => ({ getTracks: () => [track] });

beforeEach(() => {
  seen = [[]];
  track = { stop: vi.fn(), onended: null };
  asked = vi.fn(() => Promise.resolve(stream()));
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("BarcodeDetector", Own);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: asked } });
  Object.defineProperty(HTMLVideoElement.prototype, "videoWidth", { value: 640, configurable: true });
  Object.defineProperty(HTMLVideoElement.prototype, "srcObject", { value: null, configurable: true, writable: true });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock("../../src/console/ctrl/qr");
});

afterAll(() => ["videoWidth", "srcObject"].forEach((name) => Reflect.deleteProperty(HTMLVideoElement.prototype, name)));

const film = () => document.createElement("video");

describe("what reads codes", () => {
  test("is the browser where it can", async () => {
    expect(await findDetector()).toBeInstanceOf(Own);
  });

  test("is the library where the browser reads other codes only, or none", async () => {
    const { BarcodeDetector } = await import("../../src/console/ctrl/qr");
    vi.spyOn(Own, "getSupportedFormats").mockResolvedValue(["ean_13"]);
    expect(await findDetector()).toBeInstanceOf(BarcodeDetector);
    vi.stubGlobal("BarcodeDetector", undefined);
    expect(await findDetector()).toBeInstanceOf(BarcodeDetector);
  });

  test("that cannot be fetched is told, and the camera stays off", async () => {
    vi.stubGlobal("BarcodeDetector", undefined);
    vi.doMock("../../src/console/ctrl/qr", () => Promise.reject(new Error("no line")));
    const eye = new Eye(() => "");
    await eye.open(film());
    expect([eye.stage.value, eye.trouble.value]).toEqual(["off", eyeText("unfetched")]);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("looking", () => {
  test("DC-9: a wrong slip is told and the search goes on; a right one ends it and the camera", async () => {
    seen = [[], ["X"], ["X"], ["26-001-00003-5"]];
    const onCode = vi.fn((text: string) => (text === "X" ? "not this" : ""));
    const eye = new Eye(onCode);
    await eye.open(film());
    await vi.waitFor(() => expect(eye.trouble.value).toBe("not this"));
    expect(track.stop).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(eye.stage.value).toBe("off"));
    expect(onCode).toHaveBeenLastCalledWith("26-001-00003-5");
    expect(track.stop).toHaveBeenCalledOnce();
    expect(eye.trouble.value).toBe("");
  });

  test("a camera that opens after the search was closed is stopped", async () => {
    let opened: (value: unknown) => void = () => undefined;
    asked.mockReturnValue(new Promise((resolve) => (opened = resolve)));
    const eye = new Eye(() => "");
    const opening = eye.open(film());
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    eye.close();
    opened(stream());
    await opening;
    expect(track.stop).toHaveBeenCalledOnce();
    expect(eye.stage.value).toBe("off");
  });

  test("what is seen in a frame after closing comes to nothing", async () => {
    let found: (codes: { rawValue: string }[]) => void = () => undefined;
    vi.stubGlobal("BarcodeDetector", class extends Own {
      override detect = () => new Promise<{ rawValue: string }[]>((resolve) => (found = resolve));
    });
    const onCode = vi.fn(() => "");
    const eye = new Eye(onCode);
    await eye.open(film());
    eye.close();
    found([{ rawValue: "26-001-00003-5" }]);
    await Promise.resolve();
    expect(onCode).not.toHaveBeenCalled();
  });

  test.each([
    ["NotAllowedError", "refused"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "broken"],
  ] as const)("%s is told as %s", async (name, fault) => {
    asked.mockRejectedValue(named(name));
    const eye = new Eye(() => "");
    await eye.open(film());
    expect([eye.stage.value, eye.trouble.value]).toEqual(["off", eyeText(fault)]);
  });

  test("a camera that is unplugged is told", async () => {
    const eye = new Eye(() => "");
    await eye.open(film());
    track.onended?.();
    expect([eye.stage.value, eye.trouble.value]).toEqual(["off", eyeText("gone")]);
  });
});

test("each wrong code has its own words", () => {
  const told = ["https://synak.kg/papers?digest=abc", "O-17", "https://example.org/" + "x".repeat(40), "26-001-00003-5"].map(strangerText);
  expect(new Set(told).size).toBe(4);
  expect(told[3]).toContain("26-001-00003-5");
  expect(strangerText("https://synak.kg/observe?number=O-17")).toBe(told[1]);
});

describe("the dialog", () => {
  let root: HTMLElement;
  const read = vi.fn((text: string) => text === "26-001-00003-5");
  const ctrl = { read, slip: { value: null } } as unknown as Console;
  const dialog = () => root.querySelector("dialog");

  beforeEach(async () => {
    root = document.body.appendChild(document.createElement("div"));
    await act(() => render(<SlipReader ctrl={ctrl} />, root));
  });

  afterEach(() => {
    render(null, root);
    root.remove();
  });

  const open = async () => {
    const opener = root.querySelector<HTMLButtonElement>("#read-slip");
    opener?.focus();
    await act(async () => opener?.click());
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  };

  test("opens by a press alone, and goes with the right slip", async () => {
    expect(asked).not.toHaveBeenCalled();
    seen = [["O-17"], ["26-001-00003-5"]];
    await open();
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(read.mock.calls).toEqual([["O-17"], ["26-001-00003-5"]]);
    expect(track.stop).toHaveBeenCalled();
  });

  test.each(["cancel", "hidden"])("the camera is off at once: %s", async (how) => {
    await open();
    await act(() => {
      if (how === "cancel") return void dialog()?.dispatchEvent(new Event("cancel", { cancelable: true }));
      vi.spyOn(document, "hidden", "get").mockReturnValue(true);
      document.dispatchEvent(new Event("visibilitychange"));
    });
    expect(dialog()).toBeNull();
    expect(track.stop).toHaveBeenCalledOnce();
    expect(document.activeElement?.id).toBe("read-slip");
  });
});
