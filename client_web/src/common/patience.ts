// The wait between two tries: longer each time, cut short when there is reason to hope.
const FIRST_MS = 500;
const LONGEST_MS = 8000;

export class Patience {
  private wait_ms = FIRST_MS;
  private wake: (() => void) | null = null;

  /** Resolves when it is time for another try. */
  async wait(longest_ms = LONGEST_MS): Promise<void> {
    const wait_ms = Math.min(this.wait_ms, longest_ms);
    this.wait_ms = Math.min(wait_ms * 2, LONGEST_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait_ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  /** The network seems to be back: do not wait for the next turn. */
  hurry(): void {
    this.wake?.();
  }

  /** It went well: the next wait is a short one. */
  reset(): void {
    this.wait_ms = FIRST_MS;
  }
}
