// <form data-check>: the square code on a statement brings its code behind the mark of the address, where no server
// and no log sees it; it is typed in, taken from the address, and sent.
export function wakeCheck(form: HTMLFormElement, place: Pick<Location, "hash" | "pathname"> = location, past: Pick<History, "replaceState"> = history): void {
  const code = place.hash.slice(1);
  const field = form.querySelector<HTMLInputElement>("input[name=code]");
  if (!code || !field) return;
  field.value = code.slice(0, field.maxLength);
  past.replaceState(null, "", place.pathname);
  form.requestSubmit();
}
