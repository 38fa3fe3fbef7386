// The observer's live view of one room: read-only, without names and tasks.
import { render } from "preact";
import { preferredLanguage, setLanguage } from "../common/i18n";
import { connectObserver } from "../common/socket";
import { useZone } from "../console/ctrl/time";
import { Watch } from "./ctrl";
import { App } from "./view/App";
import "./observer.scss";

async function start(root: HTMLElement): Promise<void> {
  // Without its catalogue the page is in English, which is better than no page.
  await setLanguage(preferredLanguage(root.dataset["lang"])).catch(() => undefined);
  useZone(root.dataset["zone"]);
  const ctrl = new Watch(root.dataset["room"] ?? "", connectObserver);
  render(<App ctrl={ctrl} />, root);
  await ctrl.start();
}

const root = document.getElementById("observer");
if (root) void start(root);
