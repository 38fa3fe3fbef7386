import { IDBFactory } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { openOutbox, type Entry } from "../../src/common/outbox";

const entry = (key: string, owner = 1): Entry<{ text: string }> => ({ key, owner, body: { text: key } });

describe("the outbox", () => {
  it("keeps entries in order through a reload of the page", async () => {
    const factory = new IDBFactory();
    const before = await openOutbox<{ text: string }>("a", factory);
    await before.put(entry("z"));
    await before.put(entry("a"));
    await before.put(entry("m"));
    await before.remove("a");
    const after = await openOutbox<{ text: string }>("a", factory);
    expect(after.isDurable).toBe(true);
    expect(await after.pending(1)).toEqual([entry("z"), entry("m")]);
  });

  it("takes the same key once", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await outbox.put(entry("a"));
    await outbox.put({ ...entry("a"), body: { text: "other" } });
    expect(await outbox.pending(1)).toEqual([entry("a")]);
  });

  it("never shows one candidate what another has left", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await outbox.put(entry("mine", 1));
    await outbox.put(entry("yours", 2));
    expect(await outbox.pending(2)).toEqual([entry("yours", 2)]);
  });

  it("removes what is not there without complaint", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await expect(outbox.remove("none")).resolves.toBeUndefined();
  });

  it("works in memory where there is no storage", async () => {
    const refusing = { open: () => { throw new DOMException("no", "SecurityError"); } } as unknown as IDBFactory;
    const outbox = await openOutbox<{ text: string }>("a", refusing);
    await outbox.put(entry("a"));
    await outbox.put(entry("a"));
    expect(outbox.isDurable).toBe(false);
    expect(await outbox.pending(1)).toEqual([entry("a")]);
    await outbox.remove("a");
    expect(await outbox.pending(1)).toEqual([]);
  });

  it("keeps an answer in memory when the disk fails later", async () => {
    const factory = new IDBFactory();
    const outbox = await openOutbox<{ text: string }>("a", factory);
    await outbox.put(entry("stored"));
    (outbox as unknown as { database: IDBDatabase }).database.close();
    await outbox.put(entry("spare"));
    expect(outbox.isDurable).toBe(false);
    expect(await outbox.pending(1)).toEqual([entry("spare")]);
  });
});
