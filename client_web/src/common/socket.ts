// The one importer of socket.io-client: a single connection to one namespace, admitted by a ticket.
import { io } from "socket.io-client";
import type { Connect } from "./stream";

const connectTo = (path: string): Connect => (ticket, listener, origin) => {
  const socket = io(`${origin ?? ""}${path}`, {
    auth: { ticket },
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    timeout: 8000,
  });
  socket.on("connect", () => listener.onOpen());
  socket.on("events", (envelope) => listener.onEvents(envelope));
  socket.on("seen", (seen) => listener.onSeen(seen));
  socket.on("pulse", (pulse) => listener.onPulse(pulse));
  socket.on("connect_error", () => listener.onClose());
  socket.on("disconnect", () => listener.onClose());
  return { close: () => void socket.disconnect() };
};

export const connectConsole = connectTo("/console");
export const connectObserver = connectTo("/observe");
