// What was typed and not sent yet. It outlives another seat, a failed request and a reload of the page.
import { signal } from "@preact/signals";

type Kept = Readonly<Record<string, object>>;
type Shelf = Pick<Storage, "getItem" | "setItem">;

const SHELF = "synak-console";

export class Drafts {
  private readonly kept = signal<Kept>({});
  private readonly shelf: Shelf | null;
  private readonly name: string;

  constructor(room: string, shelf: Shelf | null) {
    this.shelf = shelf;
    this.name = `${SHELF}-${room}`;
    this.kept.value = this.read();
  }

  /** The draft under `key`, its missing fields taken from `empty`. */
  get<D extends object>(key: string, empty: D): D {
    return { ...empty, ...this.kept.value[key] };
  }

  has(key: string): boolean {
    return key in this.kept.value;
  }

  set<D extends object>(key: string, part: Partial<D>): void {
    this.kept.value = { ...this.kept.value, [key]: { ...this.kept.value[key], ...part } };
    this.write();
  }

  drop(key: string): void {
    const { [key]: _gone, ...rest } = this.kept.value;
    this.kept.value = rest;
    this.write();
  }

  private read(): Kept {
    try {
      return JSON.parse(this.shelf?.getItem(this.name) ?? "{}") as Kept;
    } catch {
      return {};
    }
  }

  private write(): void {
    // The number of a document is personal and quickly typed again, so it never leaves the memory.
    const lasting = Object.entries(this.kept.value).filter(([key]) => !key.endsWith("/identity"));
    try {
      this.shelf?.setItem(this.name, JSON.stringify(Object.fromEntries(lasting)));
    } catch {
      // A full or forbidden storage takes nothing from the page itself.
    }
  }
}
