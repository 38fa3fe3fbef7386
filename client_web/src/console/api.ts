// The proctor's requests, one function each.
import { getJson, postJson } from "../common/api";
import type { BulkReply, CodeReply, DeviceAsk, DevicesView, DoneReply, MoveAsk, Snapshot } from "../common/wire";
import type { BulkAct, RoomAct, SeatAct } from "./types";

const room = (id: string) => `/proctor/rooms/${encodeURIComponent(id)}`;

export const fetchSnapshot = (id: string) => getJson<Snapshot>(`${room(id)}/snapshot`, { timeout_ms: 8000 });
export const actOnRoom = (id: string, act: RoomAct, body: object) => postJson<DoneReply | null>(`${room(id)}/${act}`, body);
export const actOnSeat = (id: string, session_id: number, act: Exclude<SeatAct, "move">, body: object) =>
  postJson<DoneReply | null>(`${room(id)}/sessions/${session_id}/${act}`, body);
export const actOnSeats = (id: string, act: BulkAct, body: object) => postJson<BulkReply>(`${room(id)}/seats/${act}`, body);
export const endIncident = (id: string, incident_id: number, gives_time: boolean) =>
  postJson<DoneReply | null>(`${room(id)}/incidents/${incident_id}/end`, { gives_time });
export const moveCall = (id: string, session_id: number, verb: "take" | "close") =>
  postJson<null>(`${room(id)}/sessions/${session_id}/call`, { verb });
/** The picture of the last check at the desk; the moment of the check keeps it apart from an earlier one. */
export const pictureAddress = (id: string, session_id: number, checked_at: string) =>
  `${room(id)}/sessions/${session_id}/picture?${encodeURIComponent(checked_at)}`;
export const fetchDevices = (id: string, session_id: number) => getJson<DevicesView>(`${room(id)}/sessions/${session_id}/devices`);
/** Whether a computer that waits may go on with the test. */
export const decideDevice = (id: string, session_id: number, claim_id: number, body: DeviceAsk) =>
  postJson<DoneReply>(`${room(id)}/sessions/${session_id}/devices/${claim_id}`, body);
/** The candidate's page asks more often from now on; nothing else depends on it. */
export const watch = (id: string, session_id: number) => postJson<null>(`${room(id)}/sessions/${session_id}/watch`, {});
export const move = (id: string, session_id: number, body: MoveAsk) =>
  postJson<CodeReply>(`${room(id)}/sessions/${session_id}/move`, body);
