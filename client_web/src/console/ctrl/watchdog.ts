// A line can die without closing. The server speaks every few seconds, so longer silence means that it is gone.
import type { Connect, Listener } from "../../common/stream";

/** `connect`, closed when nothing was heard for `limit_ms`; `onWord` is called at each sign of life. */
export function watched(connect: Connect, limit_ms: number, onWord: () => void): Connect {
  return (ticket, listener, origin) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        socket.close();
        listener.onClose();
      }, limit_ms);
      onWord();
    };
    const after = <A>(act: (value: A) => void) => (value: A) => {
      heard();
      act(value);
    };
    const guarded: Listener = {
      onOpen: after(() => listener.onOpen()) as () => void,
      onEvents: after((envelope) => listener.onEvents(envelope)),
      onSeen: after((seen) => listener.onSeen(seen)),
      onPulse: after((pulse) => listener.onPulse(pulse)),
      onClose: () => {
        clearTimeout(timer);
        listener.onClose();
      },
    };
    const socket = connect(ticket, guarded, origin);
    return {
      close: () => {
        clearTimeout(timer);
        socket.close();
      },
    };
  };
}
