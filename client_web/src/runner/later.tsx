// Parts of the page that the first item does not need: fetched when the page is idle, or at once where one is shown.
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { _ } from "../common/i18n";

type View<P> = (props: P) => VNode | null;

const WAITS_MS = [500, 1000, 2000, 4000, 8000];

/** One chunk of the built page. It is asked for until it comes: a cut of the network delays it, nothing more. */
export class Part<T> {
  readonly value = signal<T | null>(null);
  /** The last try has failed; another one follows by itself. */
  readonly isMissing = signal(false);
  private readonly fetch: () => Promise<T>;
  private fetching: Promise<void> | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fetch: () => Promise<T>) {
    this.fetch = fetch;
  }

  /** Resolves after one try, whether or not it came. */
  load(): Promise<void> {
    if (this.value.peek()) return Promise.resolve();
    clearTimeout(this.timer);
    this.fetching ??= this.once().finally(() => (this.fetching = null));
    return this.fetching;
  }

  private async once(): Promise<void> {
    try {
      this.value.value = await this.fetch();
      this.isMissing.value = false;
    } catch {
      this.isMissing.value = true;
      this.timer = setTimeout(() => void this.load(), WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)] ?? 8000);
      this.failures += 1;
    }
  }
}

const parts: { readonly part: Part<unknown>; readonly isWanted: () => boolean }[] = [];

/** A view that lies in a chunk of its own: `const Panel = later(() => import("./Panel").then((m) => m.Panel))`.

   A quiet one is missed by nobody until it comes: nothing stands in its place. One that is not wanted never comes. */
export function later<P extends object>(fetch: () => Promise<View<P>>, isQuiet = false, isWanted = () => true): View<P> {
  const part = new Part(fetch);
  parts.push({ part, isWanted });
  return function Later(props: P): VNode | null {
    const Shown = part.value.value;
    useEffect(() => void part.load(), []);
    if (Shown) return <Shown {...props} />;
    if (isQuiet) return null;
    return part.isMissing.value ? <Missing onTry={() => void part.load()} /> : <p class="later">{_("One moment…")}</p>;
  };
}

/** Everything not yet here comes, one after another, without disturbing what is on the screen. */
export async function fetchRest(): Promise<void> {
  for (const { part, isWanted } of parts) {
    if (!isWanted()) continue;
    await whenIdle();
    await part.load();
  }
}

function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 2000 });
    else setTimeout(resolve, 200);
  });
}

function Missing({ onTry }: { onTry: () => void }): VNode {
  return (
    <div class="later" role="alert">
      <p>{_("This part of the page has not come yet. The page asks for it again by itself; nothing you have done is lost.")}</p>
      <button type="button" class="govuk-button govuk-button--secondary" onClick={onTry}>
        {_("Try again")}
      </button>
    </div>
  );
}
