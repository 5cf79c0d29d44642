/** 128 MB: sixteen of the largest bodies that are kept, thousands of usual ones. */
const DEFAULT_BYTES = 134_217_728;

/**
 * What all bodies that are kept at a time may take together: thousands of users whose checks look at large bodies must
 * not take the machine's memory.
 */
export class KeptMemory {
  #left: number;

  constructor(bytes: number = DEFAULT_BYTES) {
    this.#left = bytes;
  }

  /** False when there is not enough left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}
