// What Safe Exam Browser tells scripts of itself: its version, and hashes over the address of the page.
import type { SebPage } from "./wire";

interface SafeExamBrowser {
  readonly version?: string;
  readonly security?: {
    readonly configKey?: string;
    readonly browserExamKey?: string;
    readonly updateKeys?: (ready: () => void) => void;
  };
}

declare global {
  interface Window {
    SafeExamBrowser?: SafeExamBrowser;
    synakSebReady?: () => void;
  }
}

const START = "/exam/start";
const WAIT_MS = 2000;

/** True where the page stands in Safe Exam Browser at an address that serves no proof; it is then on its way to one that does. */
export function leaveForOwnAddress(): boolean {
  if (!window.SafeExamBrowser || new URLSearchParams(location.search).has("seb")) return false;
  location.replace(START);
  return true;
}

/** What to tell the server; null in any other browser. */
export async function readSeb(): Promise<SebPage | null> {
  const seb = window.SafeExamBrowser;
  if (!seb) return null;
  if (!isSet(seb.security?.configKey)) await update(seb);
  const { configKey = "", browserExamKey = "" } = seb.security ?? {};
  return {
    url: location.href.slice(0, 300),
    config_key: configKey.slice(0, 64),
    exam_key: browserExamKey.slice(0, 64),
    version: (seb.version ?? "").slice(0, 120),
  };
}

/** Version 3.0 on macOS and iOS has no keys before it is asked, and calls back by the name of a global function. */
function update(seb: SafeExamBrowser): Promise<void> {
  const { security } = seb;
  if (!security?.updateKeys) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, WAIT_MS);
    window.synakSebReady = function synakSebReady() {
      clearTimeout(timer);
      resolve();
    };
    security.updateKeys?.(window.synakSebReady);
  });
}

function isSet(key: string | undefined): boolean {
  return key !== undefined && key !== "" && key !== ":";
}
