// The proctor's console of one room in one sitting.
import { render } from "preact";
import { preferredLanguage, setLanguage } from "../common/i18n";
import { connectConsole } from "../common/socket";
import { Console } from "./ctrl/console";
import { listenToReader } from "./ctrl/scanner";
import { useZone } from "./ctrl/time";
import { App } from "./view/App";
import "./console.scss";

function shelf(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

async function start(root: HTMLElement): Promise<void> {
  // Without its catalogue the page is in English, which is better than no page.
  await setLanguage(preferredLanguage(root.dataset["lang"])).catch(() => undefined);
  useZone(root.dataset["zone"]);
  const ctrl = new Console(root.dataset["room"] ?? "", connectConsole, shelf());
  render(<App ctrl={ctrl} />, root);
  listenToReader(window, (line) => ctrl.read(line));
  await ctrl.start();
}

const root = document.getElementById("console");
if (root) void start(root);
