import { allHeaders, findHeader } from "./header-lookup.ts";

const FIRST_BYTES = 1_024;
const EMPTY = Buffer.alloc(0);

/**
 * Where the bytes of a head are: in the chunk they came with, which belongs to somebody else and is only looked at, or,
 * when the head or its body came in pieces, in memory of its own.
 */
export class HeadStore {
  #source: Buffer = EMPTY;
  #from = 0;
  #to = 0;
  #own: Buffer = EMPTY;
  #unread = 0;

  begin(): void {
    this.#source = EMPTY;
    this.#from = 0;
    this.#to = 0;
    this.#unread = 0;
  }

  /** Bytes of an unfinished head. */
  get unread(): number {
    return this.#unread;
  }

  /** The unfinished head with the chunk behind it. */
  append(chunk: Buffer, length: number): Buffer {
    this.#reserve(this.#unread + length);
    chunk.copy(this.#own, this.#unread, 0, length);
    this.#unread += length;
    return this.#own;
  }

  /** The head is unfinished: what `bytes` holds of it moves to offset 0 of our own memory. False when it was there. */
  keepUnread(bytes: Buffer, from: number, to: number): boolean {
    if (bytes === this.#own && from === 0) return false;
    this.#reserve(to - from);
    bytes.copy(this.#own, 0, from, to);
    this.#unread = to - from;
    return true;
  }

  /** The head is complete and lies there. */
  complete(bytes: Buffer, from: number, to: number): void {
    this.#source = bytes;
    this.#from = from;
    this.#to = to;
  }

  /** The chunk's memory may be used for something else from now on. */
  release(chunk: Buffer): void {
    if (this.#source !== chunk) return;
    const length = this.#to - this.#from;
    this.#reserve(length);
    chunk.copy(this.#own, 0, this.#from, this.#to);
    this.complete(this.#own, 0, length);
  }

  find(name: string): string | null {
    return findHeader(this.#source, this.#from, this.#to, name);
  }

  all(): Readonly<Record<string, string>> {
    return allHeaders(this.#source, this.#from, this.#to);
  }

  #reserve(size: number): void {
    if (this.#own.length >= size) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(size, FIRST_BYTES, this.#own.length * 2));
    this.#own.copy(grown, 0, 0, this.#unread);
    this.#own = grown;
  }
}
