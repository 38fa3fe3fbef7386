// Sends a recording in parts of 4 MB, each with its digest; what was sent stays, so a second press goes on from there.
const PART = 4 * 1024 * 1024;

export type Fetch = (path: string, request: RequestInit) => Promise<Response>;

/** What a page has typed beside the file. */
export interface Said {
  readonly camera_id: number;
  readonly begins: string;
  readonly ends: string;
  readonly sha256: string;
}

/** The server's own words for what it refused. */
export class Refusal extends Error {}

export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The file is registered as a recording; `tell` hears the part that is sent, from 0 to 1. */
export async function upload(path: string, token: string, file: File, said: Said, tell: (part: number) => void, send: Fetch = fetch): Promise<void> {
  const name = [file.name, file.size, file.lastModified, said.camera_id].join("|");
  const key = await sha256(new TextEncoder().encode(name));
  let offset = await sendPart(path, token, key, 0, new ArrayBuffer(0), send);
  while (offset < file.size) {
    tell(offset / file.size);
    const part = await file.slice(offset, offset + PART).arrayBuffer();
    offset = await sendPart(path, token, key, offset, part, send);
  }
  tell(1);
  const body = JSON.stringify({ key, ...said, size: file.size, file_name: file.name });
  await answer(await send(path, { method: "POST", body, headers: { ...heads(token), "Content-Type": "application/json" } }));
}

async function sendPart(path: string, token: string, key: string, offset: number, part: ArrayBuffer, send: Fetch): Promise<number> {
  const headers = { ...heads(token), "Content-Type": "application/octet-stream", "X-Part-SHA256": await sha256(part) };
  const reply = await send(`${path}/parts?key=${key}&offset=${offset}`, { method: "POST", body: part, headers });
  return Number(((await answer(reply)) as { size: number }).size);
}

function heads(token: string): Record<string, string> {
  return { "X-CSRF-Token": token, Accept: "application/json" };
}

async function answer(reply: Response): Promise<unknown> {
  const body: unknown = await reply.json();
  if (reply.ok) return body;
  throw new Refusal((body as { error?: { message?: string } }).error?.message ?? String(reply.status));
}

/** Wakes the form on the page of a room's recordings. */
export function wakeUpload(form: HTMLFormElement): void {
  const says = form.querySelector("[data-upload-says]");
  const words = form.dataset;
  const say = (text: string) => says && (says.textContent = text);
  let isBusy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = new FormData(form);
    const file = typed.get("file");
    const said: Said = {
      camera_id: Number(typed.get("camera_id")),
      begins: String(typed.get("begins")),
      ends: String(typed.get("ends")),
      sha256: String(typed.get("sha256")).trim().toLowerCase(),
    };
    if (isBusy) return;
    if (!(file instanceof File) || file.size === 0 || !said.begins || !said.ends) return void say(words["short"] ?? "");
    isBusy = true;
    const tell = (part: number) =>
      say(part < 1 ? (words["sending"] ?? "").replace("%(percent)s", String(Math.floor(part * 100))).replace("%%", "%") : (words["checking"] ?? ""));
    upload(words["upload"] ?? "", words["token"] ?? "", file, said, tell)
      .then(() => location.reload())
      .catch((error: unknown) => say(error instanceof Refusal ? error.message : (words["broken"] ?? "")))
      .finally(() => (isBusy = false));
  });
}
