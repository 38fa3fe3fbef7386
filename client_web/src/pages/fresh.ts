// <div data-fresh="name" id="…">: figures that grow while the page is open are fetched again, unless somebody is in them.
const EVERY_MS = 10_000;

export function wakeFresh(parts: NodeListOf<HTMLElement>): void {
  if (parts.length > 0) window.setInterval(() => void renew(parts), EVERY_MS);
}

export async function renew(parts: NodeListOf<HTMLElement>): Promise<void> {
  if (document.hidden) return;
  const reply = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!reply?.ok || reply.redirected) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  for (const part of parts) {
    const newer = page.getElementById(part.id);
    if (newer && !part.contains(document.activeElement)) part.replaceChildren(...newer.childNodes);
  }
}
