import type { KeptMemory } from "./kept-memory.ts";

/** A larger buffer is given back when the next response begins. */
const RETAINED_BYTES = 8_192;
const FIRST_BYTES = 1_024;
const EMPTY = Buffer.alloc(0);

/** Counts the bytes of a body and keeps its beginning, up to a limit, in memory of its own. */
export class KeptBody {
  /** All bytes of the body so far, kept or not. */
  bytes = 0;
  readonly #memory: KeptMemory;
  #limit = 0;
  #kept = 0;
  #buffer: Buffer = EMPTY;

  /** Large buffers are taken out of `memory`. */
  constructor(memory: KeptMemory) {
    this.#memory = memory;
  }

  begin(): void {
    this.bytes = 0;
    this.#limit = 0;
    this.#kept = 0;
    if (this.#buffer.length <= RETAINED_BYTES) return;
    this.#memory.give(this.#buffer.length);
    this.#buffer = EMPTY;
  }

  /** Keep at most this many bytes of the body that begins; 0 only counts. */
  keep(limit: number): void {
    this.#limit = limit;
  }

  add(source: Buffer, from: number, to: number): void {
    this.bytes += to - from;
    const length = Math.min(to - from, this.#limit - this.#kept);
    if (length <= 0) return;
    if (!this.#reserve(this.#kept + length)) {
      this.#limit = this.#kept;
      return;
    }
    source.copy(this.#buffer, this.#kept, from, from + length);
    this.#kept += length;
  }

  /** The kept bytes; the memory is used again for the next response. */
  get view(): Buffer {
    return this.#buffer.subarray(0, this.#kept);
  }

  /** The body is longer than what was kept. */
  get isCut(): boolean {
    return this.bytes > this.#kept;
  }

  #reserve(size: number): boolean {
    const had = this.#buffer.length;
    if (had >= size) return true;
    const length = Math.max(size, FIRST_BYTES, Math.min(had * 2, this.#limit));
    if (length > RETAINED_BYTES && !this.#memory.take(length)) return false;
    if (had > RETAINED_BYTES) this.#memory.give(had);
    const grown = Buffer.allocUnsafeSlow(length);
    this.#buffer.copy(grown, 0, 0, this.#kept);
    this.#buffer = grown;
    return true;
  }
}
