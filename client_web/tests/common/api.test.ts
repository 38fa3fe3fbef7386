import { beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal, Unreachable, getJson, postJson } from "../../src/common/api";

const reply = (status: number, body: string) => new Response(status === 204 ? null : body, { status });
const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});

describe("api", () => {
  it("posts JSON with the token of the page", async () => {
    const meta = document.createElement("meta");
    meta.name = "csrf";
    meta.content = "secret";
    document.head.append(meta);
    fetched.mockResolvedValue(reply(200, '{"a":1}'));
    expect(await postJson("/x", { b: 2 })).toEqual({ a: 1 });
    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(url).toBe("/x");
    expect(init).toMatchObject({ method: "POST", body: '{"b":2}', headers: { "X-CSRF-Token": "secret" } });
  });

  it("gives null for an empty reply", async () => {
    fetched.mockResolvedValue(reply(204, ""));
    expect(await postJson("/x")).toBeNull();
  });

  it.each([401, 403, 404, 409, 422])("throws the server's refusal for %i", async (status) => {
    fetched.mockResolvedValue(reply(status, '{"error":{"code":"late_arrival","message":"Too late","clause":"DC-16"}}'));
    const error = await getJson("/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ status, code: "late_arrival", message: "Too late", clause: "DC-16" });
  });

  it.each([
    [500, '{"error":{"code":"broken","message":"","clause":null}}'],
    [502, "<html>gateway</html>"],
    [429, '{"error":{"code":"busy","message":"","clause":null}}'],
    [407, "<html>proxy</html>"],
    [200, "<html>a hotel's sign-in page</html>"],
  ])("counts %i %s as unreachable, so that it may be tried again", async (status, body) => {
    fetched.mockResolvedValue(reply(status, body));
    await expect(getJson("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  it("counts a failing network as unreachable", async () => {
    fetched.mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(getJson("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  it("gives up after its time limit", async () => {
    fetched.mockImplementation(
      (_url, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    );
    await expect(getJson("/x", { timeout_ms: 20 })).rejects.toBeInstanceOf(Unreachable);
  });
});
