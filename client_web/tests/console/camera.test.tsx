// The camera at the desk: told calmly why there is none, opened by a press alone, off as soon as the form goes.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cameraText, openCamera, portraitOf, WIDTH, HEIGHT } from "../../src/console/ctrl/camera";
import { Picture } from "../../src/console/view/Picture";

const named = (name: string) => Object.assign(new Error("x"), { name });
let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
  vi.stubGlobal("isSecureContext", true);
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
});

function camera(open: () => Promise<unknown>) {
  const asked = vi.fn(open);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: asked } });
  return asked;
}

describe("opening", () => {
  test.each([
    ["NotAllowedError", "refused"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "broken"],
  ] as const)("%s is told as %s", async (name, fault) => {
    camera(() => Promise.reject(named(name)));
    await expect(openCamera()).rejects.toMatchObject({ fault });
  });

  test("a page without https has no camera to ask for", async () => {
    const asked = camera(() => Promise.resolve({}));
    vi.stubGlobal("isSecureContext", false);
    await expect(openCamera()).rejects.toMatchObject({ fault: "insecure" });
    expect(asked).not.toHaveBeenCalled();
  });

  test("every fault has its own words", () => {
    const told = (["insecure", "refused", "missing", "busy", "broken"] as const).map(cameraText);
    expect(new Set(told).size).toBe(5);
  });
});

test.each([
  [640, 480],
  [1280, 720],
  [480, 640],
  [300, 900],
])("a portrait is cut from the middle of %i × %i", (width, height) => {
  const [left, top, wide, high] = portraitOf(width, height);
  expect(wide / high).toBeCloseTo(WIDTH / HEIGHT);
  expect(left + wide / 2).toBeCloseTo(width / 2);
  expect(top + high / 2).toBeCloseTo(height / 2);
  expect(left).toBeGreaterThanOrEqual(0);
  expect(top).toBeGreaterThanOrEqual(-1e-9);
});

describe("the form", () => {
  const button = () => root.querySelector<HTMLButtonElement>("#take-picture") as HTMLButtonElement;
  const show = () => act(() => render(<Picture photo_url={null} onTake={() => undefined} />, root));
  const press = () => act(async () => button().click());

  test("the camera is asked for by a press alone, and why it is not there is said", async () => {
    const asked = camera(() => Promise.reject(named("NotFoundError")));
    await show();
    expect(asked).not.toHaveBeenCalled();
    await press();
    await vi.waitFor(() => expect(root.querySelector("[role=status]")?.textContent).toBe(cameraText("missing")));
    expect(button().textContent).toBe("Take a picture");
  });

  test("the camera stops when the form goes, even if it opens only then", async () => {
    const stop = vi.fn();
    let opened: (stream: object) => void = () => undefined;
    camera(() => new Promise((resolve) => (opened = resolve)));
    await show();
    await press();
    await act(() => render(null, root));
    await act(async () => opened({ getTracks: () => [{ stop }] }));
    expect(stop).toHaveBeenCalledOnce();
  });
});
