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
  // Without its catalogue the page is in English, which is better than no page.
  await setLanguage(preferredLanguage(root.dataset["lang"])).catch(() => undefined);
  const outbox = await openOutbox<Answer>("synak-answers");
  const workings = await openOutbox<Working>("synak-workings");
  const presence = new Presence();
  const runner: Runner = new Runner(outbox, presence, workings);
  presence.watch();
  guard();
  const lease = new TabLease(() => runner.stop());
  window.addEventListener("online", () => runner.hurry());
  window.addEventListener("beforeunload", (event) => {
    if (runner.isLocked.value) event.preventDefault();
  });
  window.addEventListener("pagehide", () => runner.working.hurry());
  const takeOver = () => {
    lease.take();
    void runner.resume();
  };
  render(<App runner={runner} onTakeOver={takeOver} />, root);
  if (await lease.claim()) await runner.refresh();
  else runner.stop();
  void fetchRest();
}

const root = document.getElementById("runner");
if (root && !leaveForOwnAddress()) void start(root);
