// What the editor asks of the server about one manuscript.
import { getJson, postFile, postJson } from "../common/api";
import type { Acted, FormulaLooks, ItemSource, KeptFile, Language, Looks, Manuscript, Save, Saved } from "../common/wire";

const UPLOAD_MS = 60_000;

export class Api {
  private readonly base: string;

  constructor(id: number) {
    this.base = `/bank/manuscripts/${id}`;
  }

  /** Where the manuscript's files are. */
  get files(): string {
    return `${this.base}/files/`;
  }

  /** The text; that it was opened stands in the journal from here on. */
  open(): Promise<Manuscript> {
    return getJson(`${this.base}/text`);
  }

  save(body: Save): Promise<Saved> {
    return postJson(`${this.base}/text`, body);
  }

  look(item: ItemSource | null, language: Language, withKey: boolean): Promise<Looks> {
    return postJson(`${this.base}/look`, { item, language, with_key: withKey });
  }

  formula(latex: string, language: Language): Promise<FormulaLooks> {
    return postJson(`${this.base}/formula`, { latex, language });
  }

  addFile(file: Blob): Promise<KeptFile> {
    return postFile(`${this.base}/files`, file, { timeout_ms: UPLOAD_MS });
  }

  act(verb: "submit" | "withdraw" | "abandon", revision: number, reason = ""): Promise<Acted> {
    return postJson(`${this.base}/${verb}`, { revision, reason });
  }
}
