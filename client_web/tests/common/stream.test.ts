import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal } from "../../src/common/api";
import { Stream, follow, isBehind, type Listener } from "../../src/common/stream";
import type { Envelope, EventFrame, Snapshot } from "../../src/common/wire";

const frame = (v: number): EventFrame => ({ v, name: "seat:moved", body: { session_id: 1, seat_id: v } });
const envelope = (...versions: number[]): Envelope => ({ epoch: "e1", topic: "room:1", events: versions.map(frame) });
const at = { epoch: "e1", topic: "room:1", v: 5 };
const versions = (frames: readonly EventFrame[]) => frames.map(({ v }) => v);

describe("follow", () => {
  it("takes what comes next", () => {
    const { fresh, isGap } = follow(at, envelope(6, 7));
    expect([versions(fresh), isGap]).toEqual([[6, 7], false]);
  });

  it("skips what is known", () => {
    const { fresh, isGap } = follow(at, envelope(4, 5, 6));
    expect([versions(fresh), isGap]).toEqual([[6], false]);
  });

  it("sees a gap, and takes what came before it", () => {
    const { fresh, isGap } = follow(at, envelope(6, 8));
    expect([versions(fresh), isGap]).toEqual([[6], true]);
  });

  it("trusts nothing of another epoch", () => {
    expect(follow(at, { ...envelope(6), epoch: "e2" })).toEqual({ fresh: [], isGap: true });
  });

  it("ignores another topic", () => {
    expect(follow(at, { ...envelope(9), topic: "room:2" })).toEqual({ fresh: [], isGap: false });
  });
});

describe("isBehind", () => {
  it.each([
    [{ ...at }, false],
    [{ ...at, v: 4 }, false],
    [{ ...at, v: 6 }, true],
    [{ ...at, epoch: "e2", v: 1 }, true],
    [{ ...at, topic: "room:2", v: 9 }, false],
  ])("%o: %s", (pulse, is) => expect(isBehind(at, pulse)).toBe(is));
});

describe("Stream", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setup() {
    const dialled: { ticket: string; origin: string | null; listener: Listener; isClosed: boolean }[] = [];
    const seen: string[] = [];
    const server = { v: 5, epoch: "e1", fetched: 0, error: null as Error | null };
    const fetchSnapshot = vi.fn(async () => {
      await Promise.resolve();
      if (server.error) throw server.error;
      server.fetched += 1;
      return { epoch: server.epoch, topic: "room:1", v: server.v, ticket: `t${server.fetched}`, realtime_origin: "https://sockets" } as Snapshot;
    });
    const onRefused = vi.fn();
    const stream = new Stream({
      fetchSnapshot,
      connect: (ticket, listener, origin) => {
        const connection = { ticket, origin, listener, isClosed: false };
        dialled.push(connection);
        return { close: () => (connection.isClosed = true) };
      },
      onSnapshot: (snapshot) => seen.push(`snapshot ${snapshot.v}`),
      onEvent: ({ v }) => seen.push(`event ${v}`),
      onSeen: ({ session_id }) => seen.push(`seen ${session_id}`),
      isRefusal: (error) => error instanceof Refusal,
      onRefused,
    });
    return { stream, server, dialled, seen, fetchSnapshot, onRefused };
  }

  it("shows the snapshot, then the events after it", async () => {
    const { stream, dialled, seen } = setup();
    await stream.start();
    dialled[0]?.listener.onOpen();
    dialled[0]?.listener.onEvents(envelope(5, 6));
    dialled[0]?.listener.onEvents(envelope(7));
    expect(seen).toEqual(["snapshot 5", "event 6", "event 7"]);
    expect(stream.status.value).toBe("live");
    expect(dialled[0]?.origin).toBe("https://sockets");
  });

  it("fetches again after a gap and applies what came meanwhile", async () => {
    const { stream, server, dialled, seen } = setup();
    await stream.start();
    server.v = 8;
    dialled[0]?.listener.onEvents(envelope(8));
    dialled[0]?.listener.onEvents(envelope(8, 9)); // while the snapshot is on its way
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual(["snapshot 5", "snapshot 8", "event 9"]);
    expect(dialled).toHaveLength(1);
  });

  it("fetches again when a pulse is ahead, and not when it is level", async () => {
    const { stream, server, dialled, fetchSnapshot } = setup();
    await stream.start();
    dialled[0]?.listener.onPulse(at);
    expect(fetchSnapshot).toHaveBeenCalledTimes(1);
    server.v = 6;
    dialled[0]?.listener.onPulse({ ...at, v: 6 });
    await vi.advanceTimersByTimeAsync(0);
    expect(fetchSnapshot).toHaveBeenCalledTimes(2);
  });

  it("comes back with a new ticket after the line was lost", async () => {
    const { stream, dialled, seen } = setup();
    await stream.start();
    dialled[0]?.listener.onClose();
    expect(stream.status.value).toBe("lost");
    expect(dialled[0]?.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(dialled.map(({ ticket }) => ticket)).toEqual(["t1", "t2"]);
    dialled[0]?.listener.onEvents(envelope(6)); // a late word from the old line
    expect(seen).toEqual(["snapshot 5", "snapshot 5"]);
  });

  it("keeps trying while there is no network, and is back within eight seconds", async () => {
    const { stream, server, dialled } = setup();
    server.error = new Error("no network");
    await stream.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(dialled).toHaveLength(0);
    server.error = null;
    await vi.advanceTimersByTimeAsync(8000);
    expect(dialled).toHaveLength(1);
  });

  it("stops when the server refuses", async () => {
    const { stream, server, fetchSnapshot, onRefused } = setup();
    server.error = new Refusal(403, { code: "not_on_duty", message: "", clause: null });
    await stream.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(fetchSnapshot).toHaveBeenCalledTimes(1);
    expect(stream.status.value).toBe("stopped");
  });
});
