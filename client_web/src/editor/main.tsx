// The item editor: one manuscript, opened by its author, its readers or the commission.
import { render } from "preact";
import { preferredLanguage, setLanguage } from "../common/i18n";
import "../pages/main";
import { source } from "../runner/items/Figure";
import "../runner/runner.scss";
import "../runner/tools/tools.scss";
import "../runner/items/figures.scss";
import "./editor.scss";
import { Api } from "./api";
import { Editor } from "./ctrl";
import { goToAddress } from "./places";
import { App } from "./view/App";

async function start(root: HTMLElement): Promise<void> {
  // Without its catalogue the page is in English, which is better than no page.
  await setLanguage(preferredLanguage(root.dataset["lang"])).catch(() => undefined);
  const editor = new Editor(new Api(Number(root.dataset["manuscript"])));
  source.path = editor.api.files;
  window.addEventListener("online", () => void editor.save());
  window.addEventListener("beforeunload", (event) => {
    if (editor.keeping.value !== "kept") event.preventDefault();
  });
  render(<App editor={editor} />, root);
  await editor.start();
  goToAddress(editor);
}

const root = document.getElementById("editor");
if (root) void start(root);
