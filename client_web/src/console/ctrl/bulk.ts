// Several seats chosen for one act: who is chosen, and what came of it at each seat.
import { computed, signal } from "@preact/signals";
import { uuid } from "../../common/dom";
import { _, ngettext } from "../../common/i18n";
import type { BulkReply } from "../../common/wire";
import * as api from "../api";
import type { BulkAct } from "../types";
import type { Console } from "./console";

interface MessageDraft {
  readonly text: string;
  readonly code: string | null;
  readonly key: string;
}

export const NO_MESSAGE: MessageDraft = { text: "", code: null, key: "" };

export const bulkKey = (act: BulkAct) => `bulk/${act}`;

export class Bulk {
  /** Sessions, not seats: who is moved stays chosen. */
  readonly picked = signal<ReadonlySet<number>>(new Set());
  readonly act = signal<BulkAct | null>(null);
  readonly reply = signal<BulkReply | null>(null);
  private readonly ctrl: Console;

  constructor(ctrl: Console) {
    this.ctrl = ctrl;
  }

  /** Those who are chosen and still sit in the room. */
  readonly ids = computed(() => {
    const here = this.ctrl.cards.value.flatMap(({ seat }) => (seat.session ? [seat.session.who.session_id] : []));
    return here.filter((id) => this.picked.value.has(id));
  });

  toggle(session_id: number): void {
    const next = new Set(this.picked.value);
    if (!next.delete(session_id)) next.add(session_id);
    this.picked.value = next;
    this.reply.value = null;
  }

  /** Everybody who passes the filter and the search; once more, nobody. */
  pickShown(): void {
    const shown = this.ctrl.shownIds.value;
    const ids = this.ctrl.cards.value.flatMap(({ seat }) => (seat.session && shown.has(seat.seat_id) ? [seat.session.who.session_id] : []));
    this.picked.value = ids.every((id) => this.picked.value.has(id)) ? new Set() : new Set(ids);
    this.reply.value = null;
  }

  clear(): void {
    this.picked.value = new Set();
    this.reply.value = null;
  }

  open(act: BulkAct): void {
    this.ctrl.acts.forget(bulkKey(act));
    this.reply.value = null;
    this.act.value = act;
  }

  async hold(act: "pause" | "resume", reason: string): Promise<void> {
    await this.send(act, { reason });
  }

  /** The same words pressed again are the same message: its key stays until it was sent. */
  async message(draft: MessageDraft): Promise<void> {
    const key = draft.key || uuid();
    this.ctrl.drafts.set<MessageDraft>(bulkKey("message"), { key });
    await this.send("message", { text: draft.text.trim(), code: draft.code, key });
  }

  private async send(act: BulkAct, body: object): Promise<void> {
    const { ctrl } = this;
    const ids = this.ids.value;
    const reply = await ctrl.acts.run(bulkKey(act), () => api.actOnSeats(ctrl.room, act, { ...body, session_ids: ids }), (done) => ({ note: noteOf(done), clause: null }));
    if (reply) {
      ctrl.drafts.drop(bulkKey(act));
      this.act.value = null;
      this.reply.value = reply;
    }
    await ctrl.refresh();
  }
}

function noteOf({ lines }: BulkReply): string {
  const done = lines.filter((line) => line.is_done).length;
  if (done === lines.length) return ngettext("Done for %(n)s candidate.", "Done for %(n)s candidates.", done);
  return _("Done for %(n)s of %(all)s candidates.", { n: done, all: lines.length });
}
