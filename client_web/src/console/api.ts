// The proctor's requests, one function each.
import { getJson, postJson } from "../common/api";
import type { CodeReply, DoneReply, MoveAsk, Snapshot } from "../common/wire";
import type { RoomAct, SeatAct } from "./types";

const room = (id: string) => `/proctor/rooms/${encodeURIComponent(id)}`;

export const fetchSnapshot = (id: string) => getJson<Snapshot>(`${room(id)}/snapshot`, { timeout_ms: 8000 });
export const actOnRoom = (id: string, act: RoomAct, body: object) => postJson<DoneReply | null>(`${room(id)}/${act}`, body);
export const actOnSeat = (id: string, session_id: number, act: Exclude<SeatAct, "move">, body: object) =>
  postJson<DoneReply | null>(`${room(id)}/sessions/${session_id}/${act}`, body);
export const move = (id: string, session_id: number, body: MoveAsk) =>
  postJson<CodeReply>(`${room(id)}/sessions/${session_id}/move`, body);
