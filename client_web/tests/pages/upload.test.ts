// A recording is sent in parts, goes on where it stopped, and says the server's own words when it is refused.
import { describe, expect, it } from "vitest";
import { Refusal, sha256, upload, type Said } from "../../src/pages/upload";

const MB = 1024 * 1024;
const SAID: Said = { camera_id: 3, begins: "2026-05-12T09:00", ends: "2026-05-12T10:00", sha256: "" };

function server(have: number, refusal = ""): { asked: string[]; sizes: number[]; send: (path: string, request: RequestInit) => Promise<Response> } {
  const asked: string[] = [];
  const sizes: number[] = [];
  let size = have;
  const send = async (path: string, request: RequestInit): Promise<Response> => {
    asked.push(path.replace(/key=\w+/, "key"));
    if (refusal) return new Response(JSON.stringify({ error: { message: refusal } }), { status: 422 });
    if (!path.includes("/parts")) return new Response(JSON.stringify({ id: 1, sha256: "" }));
    const part = request.body as ArrayBuffer;
    expect(new Headers(request.headers).get("X-Part-SHA256")).toBe(await sha256(part));
    sizes.push(part.byteLength);
    size += part.byteLength;
    return new Response(JSON.stringify({ size }));
  };
  return { asked, sizes, send };
}

describe("upload", () => {
  const file = new File([new Uint8Array(9 * MB)], "K1.mp4");

  it("sends parts of at most 4 MB and then registers the whole", async () => {
    const { asked, sizes, send } = server(0);
    const told: number[] = [];
    await upload("/r", "t", file, SAID, (part) => told.push(part), send);
    expect(sizes).toEqual([0, 4 * MB, 4 * MB, MB]);
    expect(asked.at(-1)).toBe("/r");
    expect(told.at(-1)).toBe(1);
  });

  it("goes on from what the server has", async () => {
    const { asked, sizes, send } = server(8 * MB);
    await upload("/r", "t", file, SAID, () => undefined, send);
    expect(sizes).toEqual([0, MB]);
    expect(asked[1]).toBe(`/r/parts?key&offset=${8 * MB}`);
  });

  it("says why it was refused", async () => {
    const { send } = server(0, "The file is too large.");
    await expect(upload("/r", "t", file, SAID, () => undefined, send)).rejects.toThrow(new Refusal("The file is too large."));
  });
});
