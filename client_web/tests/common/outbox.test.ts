import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { describe, expect, it, vi } from "vitest";
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

  it("does not bring back what is done with when the disk cannot let go of it", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await outbox.put(entry("done"));
    vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementationOnce(() => {
      throw new DOMException("no", "UnknownError");
    });
    await outbox.remove("done");
    expect(await outbox.pending(1)).toEqual([]);
  });

  it("takes a full disk for no reason to refuse an answer, and holds it once", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await outbox.put(entry("stored"));
    const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => { throw new DOMException("full", "QuotaExceededError"); });
    await outbox.put(entry("spare"));
    await outbox.put(entry("stored"));
    full.mockRestore();
    expect(outbox.isDurable).toBe(false);
    expect(await outbox.pending(1)).toEqual([entry("stored"), entry("spare")]);
    await outbox.remove("spare");
    await outbox.remove("stored");
    expect(await outbox.pending(1)).toEqual([]);
  });

  it("opens in memory when the database never opens, is of a later version or lacks its store", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stuck = openOutbox<{ text: string }>("a", { open: () => ({}) } as unknown as IDBFactory);
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    expect((await stuck).isDurable).toBe(false);
    const factory = new IDBFactory();
    const made = (name: string, version: number) =>
      new Promise<void>((done) => {
        const request = factory.open(name, version);
        request.onsuccess = () => (request.result.close(), done());
      });
    await made("later", 7);
    await made("bare", 1);
    for (const name of ["later", "bare"]) {
      const outbox = await openOutbox<{ text: string }>(name, factory);
      await outbox.put(entry("a"));
      expect([await outbox.pending(1), outbox.isDurable]).toEqual([[entry("a")], false]);
    }
  });

  it("leaves rows that are no entries where they are", async () => {
    const outbox = await openOutbox<{ text: string }>("a");
    await outbox.put({ key: "odd", owner: 1, body: null as unknown as { text: string } });
    await outbox.put({ key: 5 as unknown as string, owner: 1, body: { text: "odd" } });
    await outbox.put(entry("good"));
    expect(await outbox.pending(1)).toEqual([entry("good")]);
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
