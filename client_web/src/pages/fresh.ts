// <div data-fresh="name" id="…">: figures that grow while the page is open are fetched again, unless somebody is in them.
const EVERY_MS = 10_000;

export function wakeFresh(parts: NodeListOf<HTMLElement>): void {
  if (parts.length > 0) window.setInterval(() => void renew(parts), EVERY_MS);
}

export async function renew(parts: NodeListOf<HTMLElement>): Promise<void> {
  if (document.hidden) return;
  const page = await fetched(location.href.split("#", 1)[0]!);
  if (!page) return;
  for (const part of parts) {
    const newer = page.getElementById(part.id);
    if (newer && !part.contains(document.activeElement)) part.replaceChildren(...newer.childNodes);
  }
}

/** The page as it is now. The browser reads it itself: our pages forbid that a script makes HTML of text. */
function fetched(address: string): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.setRequestHeader("Accept", "text/html");
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 && request.responseURL === address ? request.responseXML : null);
    request.onerror = () => resolve(null);
    request.send();
  });
}
