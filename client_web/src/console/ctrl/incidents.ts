// An incident is over: one act of its own, whose outcome stays beside its line.
import { _ } from "../../common/i18n";
import type { IncidentView } from "../../common/wire";
import * as api from "../api";
import type { Console } from "./console";

export function incidentKey(incident: Pick<IncidentView, "id">): string {
  return `incident/${incident.id}`;
}

export async function endIncident(ctrl: Console, incident: IncidentView, gives_time: boolean): Promise<void> {
  const end = async () => ({ reply: await api.endIncident(ctrl.room, incident.id, gives_time) });
  await ctrl.acts.run(incidentKey(incident), end, ({ reply }) => ({ note: reply?.note ?? _("The incident is over."), clause: reply?.clause ?? null }));
  await ctrl.refresh();
}
