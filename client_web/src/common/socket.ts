// The one importer of socket.io-client: a single connection to /console, admitted by a ticket.
import { io } from "socket.io-client";
import type { Connect } from "./stream";

export const connectConsole: Connect = (ticket, listener, origin) => {
  const socket = io(`${origin ?? ""}/console`, {
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
