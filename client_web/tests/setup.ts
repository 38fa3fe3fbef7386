// What happy-dom lacks, and a clean page before each test.
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, vi } from "vitest";
import { useCatalogue } from "../src/common/i18n";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  document.body.replaceChildren();
  document.head.replaceChildren();
  useCatalogue("en", {});
  vi.unstubAllGlobals();
});
