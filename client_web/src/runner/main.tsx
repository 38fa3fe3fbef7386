// The candidate's page: one address from sign-in to the end, which never navigates.
import { render } from "preact";
import { preferredLanguage, setLanguage } from "../common/i18n";
import { openOutbox } from "../common/outbox";
import { leaveForOwnAddress } from "../common/seb";
import type { Answer, Working } from "../common/wire";
import { Runner } from "./ctrl";
import { fetchRest } from "./later";
import { Presence, guard } from "./presence";
import { TabLease } from "./tabs";
import { recallLook } from "./tools/aids";
import { App } from "./view/App";
import "./runner.scss";
import "./tools/tools.scss";
import "./help/help.scss";
import "./working/working.scss";

async function start(root: HTMLElement): Promise<void> {
  recallLook();
  let runner: Runner | null = null;
  const lease = new TabLease(() => runner?.stop());
  // All at once: the first item waits for the slowest of them, not for their sum.
  const claim = lease.claim();
  const [outbox, workings] = await Promise.all([
    openOutbox<Answer>("synak-answers"),
    openOutbox<Working>("synak-workings"),
    // Without its catalogue the page is in English, which is better than no page.
    setLanguage(preferredLanguage(root.dataset["lang"])).catch(() => undefined),
  ]);
  const presence = new Presence();
  const made = (runner = new Runner(outbox, presence, workings));
  presence.watch();
  guard();
  window.addEventListener("online", () => made.hurry());
  window.addEventListener("beforeunload", (event) => {
    if (made.isLocked.value) event.preventDefault();
  });
  window.addEventListener("pagehide", () => made.working.hurry());
  const takeOver = () => {
    lease.take();
    void made.resume();
  };
  // Drawn before it is known whether another tab runs the exam: that takes long, and this one then stops at once.
  const isShown = await made.begin();
  render(<App runner={made} onTakeOver={takeOver} />, root);
  await claim;
  if (!lease.isHeld) made.stop();
  else if (!isShown) await made.refresh();
  void fetchRest();
}

const root = document.getElementById("runner");
if (root && !leaveForOwnAddress()) void start(root);
