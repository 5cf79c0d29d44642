import { type AwsKeys, type SigningScope, signablePath, withoutKeys } from "../../signing.ts";
import { encodeRequest, type Headers } from "../encode-request.ts";
import type { PreparedRequest } from "../transport.ts";
import { type SignRequest, signer } from "./sign-request.ts";

/** `own` milliseconds went into this signature, without the wait for others. */
type OnSigned = (signed: PreparedRequest, own: number) => void;

/**
 * Signs the requests of one worker, one after the other: what one signature costs is known, and what others cost a
 * request that waits behind them is lateness like any other. A request that is the same every time is signed once a
 * second, because the time in a signature has whole seconds. All of it happens within one turn of the event loop.
 */
export class RequestSigning {
  readonly #host: string;
  readonly #scope: SigningScope;
  /** All that have signed: an answer may repeat those of a request that was sent before. */
  readonly #keys: AwsKeys[];
  #sign: SignRequest;
  #tail: Promise<void> = Promise.resolve();
  /** Of the present second. */
  #second = 0;
  #known = new Map<PreparedRequest, PreparedRequest>();

  /** `host` is the origin's, sent where a request has none of its own. */
  constructor(host: string, scope: SigningScope, keys: AwsKeys) {
    this.#host = host;
    this.#scope = scope;
    this.#keys = [keys];
    this.#sign = signer(scope, keys);
  }

  /** From now on new keys sign. */
  renew(keys: AwsKeys): void {
    this.#keys.push(keys);
    this.#sign = signer(this.#scope, keys);
    this.#known = new Map();
  }

  /** `isFixed`: the same object comes again. Calls `done` once, at once when the second's signature is there already. */
  request(prepared: PreparedRequest, isFixed: boolean, done: OnSigned): void {
    const known = this.#ofThisSecond().get(prepared);
    if (known !== undefined) {
      done(known, 0);
      return;
    }
    this.#tail = this.#tail.then(async () => {
      const begun = performance.now();
      const signed = this.#known.get(prepared) ?? (await this.#signed(prepared));
      if (isFixed) this.#known.set(prepared, signed);
      done(signed, performance.now() - begun);
    });
  }

  /** The text without anything that signs. */
  clear(text: string): string {
    return this.#keys.reduce(withoutKeys, text);
  }

  #ofThisSecond(): ReadonlyMap<PreparedRequest, PreparedRequest> {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) this.#known = new Map();
    this.#second = second;
    return this.#known;
  }

  async #signed(prepared: PreparedRequest): Promise<PreparedRequest> {
    if (prepared.problem !== null) return prepared;
    const { method, body, keep } = prepared;
    const path = signablePath(prepared.path);
    const headers = pairs(prepared.headers);
    const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? this.#host;
    const signed = await this.#sign({ method, path, host, headers, body }, Date.now());
    if (signed.kind === "unsignable") return { ...prepared, problem: `it cannot be signed: ${signed.reason}` };
    // `connection: close` is among the headers when the request closes, so that it is kept.
    return encodeRequest({ method, path, host: this.#host, headers: [...headers, ...signed.headers], body, keep });
  }
}

const pairs = (flat: readonly string[]): Headers =>
  flat.flatMap((name, at): Headers => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""]] : []));
