// What has been said and not yet acknowledged. It lies in IndexedDB, so a reload or a crash of the browser loses none.

/** One unsent thing; `key` is its idempotency key and never changes. */
export interface Entry<T> {
  readonly key: string;
  /** Whose it is: a machine serves one candidate after another. */
  readonly owner: number;
  readonly body: T;
}

export interface Outbox<T> {
  /** Kept through a reload; false where the browser refuses storage and memory must do. */
  readonly isDurable: boolean;
  /** What `owner` has not had acknowledged, oldest first. */
  pending(owner: number): Promise<Entry<T>[]>;
  /** Resolves when the entry is stored. The same key again changes nothing. */
  put(entry: Entry<T>): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORE = "unsent";
/** A disk that has not answered by now is taken for a broken one: an answer must not wait for it. */
const STUCK_MS = 3000;

interface Row<T> extends Entry<T> {
  readonly order?: number;
}

/** Opens the durable outbox, or one in memory if the browser has none to give. */
export async function openOutbox<T>(name: string, factory: IDBFactory | undefined = globalThis.indexedDB): Promise<Outbox<T>> {
  if (!factory) return new MemoryOutbox<T>();
  try {
    return new StoredOutbox<T>(await inTime(open(name, factory)));
  } catch {
    return new MemoryOutbox<T>();
  }
}

function open(name: string, factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
      store.createIndex("key", "key", { unique: true });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("no storage"));
    request.onblocked = () => reject(new Error("storage is blocked"));
  });
}

function inTime<R>(asked: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("storage is stuck")), STUCK_MS);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What another version of the page or a failing disk left is not sent. */
function isEntry<T>(row: Row<T>): boolean {
  return typeof row.key === "string" && typeof row.body === "object" && row.body !== null;
}

/** Falls back to memory for what the disk refuses (quota, a closed or stuck database), so an answer is never refused here. */
class StoredOutbox<T> implements Outbox<T> {
  private readonly spare = new MemoryOutbox<T>();
  /** Done with, though the disk may not have let go of it. */
  private readonly gone = new Set<string>();
  private readonly database: IDBDatabase;
  isDurable = true;

  constructor(database: IDBDatabase) {
    this.database = database;
  }

  async pending(owner: number): Promise<Entry<T>[]> {
    const spare = await this.spare.pending(owner);
    try {
      const rows = await this.run<Row<T>[]>("readonly", (store) => store.getAll() as IDBRequest<Row<T>[]>);
      const stored = rows
        .filter((row) => row.owner === owner && isEntry(row) && !this.gone.has(row.key))
        .map(({ key, body }) => ({ key, owner, body }));
      return [...stored, ...spare.filter(({ key }) => !stored.some((one) => one.key === key))];
    } catch {
      this.isDurable = false;
      return spare;
    }
  }

  async put(entry: Entry<T>): Promise<void> {
    try {
      await this.run("readwrite", (store) => store.add({ ...entry }));
    } catch (error) {
      if (error instanceof DOMException && error.name === "ConstraintError") return;
      this.isDurable = false;
      await this.spare.put(entry);
    }
  }

  async remove(key: string): Promise<void> {
    this.gone.add(key);
    await this.spare.remove(key);
    try {
      const order = await this.run("readonly", (store) => store.index("key").getKey(key));
      if (order !== undefined) await this.run("readwrite", (store) => store.delete(order));
    } catch {
      this.isDurable = false;
    }
  }

  /** Resolves when the transaction is complete: only then is it on disk. */
  private run<R>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const asked = new Promise<R>((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error ?? new Error("storage failed"));
    });
    return inTime(asked);
  }
}

export class MemoryOutbox<T> implements Outbox<T> {
  readonly isDurable = false;
  private entries: Entry<T>[] = [];

  pending(owner: number): Promise<Entry<T>[]> {
    return Promise.resolve(this.entries.filter((entry) => entry.owner === owner));
  }

  put(entry: Entry<T>): Promise<void> {
    if (!this.entries.some(({ key }) => key === entry.key)) this.entries.push(entry);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.key !== key);
    return Promise.resolve();
  }
}
