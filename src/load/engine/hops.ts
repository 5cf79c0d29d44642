import type { LoadPlan } from "../plan.ts";
import { isRedirect, MOST_HOPS, nextHop } from "../redirect.ts";
import { encodeRequest, type Headers } from "./encode-request.ts";
import type { Answer, PreparedRequest } from "./transport.ts";

/** Headers that describe a body; they go with it. */
const OF_BODY = /^content-/i;

/** The redirects of one request that is to follow them: one request over all hops, one time limit, one outcome. */
export class Hops {
  /** Of the hops before the present one. */
  sent = 0;
  received = 0;
  /** Why the last redirect was not followed. */
  reason: string | null = null;
  readonly #plan: LoadPlan;
  #prepared: PreparedRequest;
  #url: URL;
  #count = 0;
  /** Another origin never gets our headers, and after one neither does the target. */
  #strange: boolean;

  constructor(prepared: PreparedRequest, origin: string | null, plan: LoadPlan) {
    this.#plan = plan;
    this.#prepared = prepared;
    this.#url = new URL(prepared.path, origin ?? plan.origin);
    this.#strange = false;
  }

  /**
   * The request that follows a redirect; `null` when the answer is the last one. `isOurs`: to the target, and no other
   * origin had a say in it.
   */
  next(
    answer: Answer,
  ): { readonly prepared: PreparedRequest; readonly origin: string; readonly isOurs: boolean } | null {
    if (!isRedirect(answer.status)) return null;
    const hop = nextHop({
      status: answer.status,
      location: answer.header("location"),
      from: this.#url,
      method: this.#prepared.method,
      target: this.#plan.origin,
      allowedHosts: this.#plan.allowedHosts,
    });
    this.reason =
      hop.kind === "stay" ? hop.reason : this.#count >= MOST_HOPS ? `${MOST_HOPS} redirects and no end` : null;
    if (hop.kind === "stay" || this.reason !== null) return null;
    this.#strange ||= hop.url.origin !== this.#url.origin;
    this.#count++;
    this.sent += answer.sent;
    this.received += answer.received;
    this.#url = hop.url;
    this.#prepared = encodeRequest({
      method: hop.method,
      path: hop.url.pathname + hop.url.search,
      host: hop.url.host,
      headers: this.#headers(hop.keepsBody),
      body: hop.keepsBody && !this.#strange ? this.#prepared.body : null,
      keep: this.#prepared.keep,
    });
    const isOurs = !this.#strange && hop.url.origin === this.#plan.origin;
    return { prepared: this.#prepared, origin: hop.url.origin, isOurs };
  }

  #headers(keepsBody: boolean): Headers {
    if (this.#strange) return [["user-agent", this.#plan.userAgent]];
    const { headers } = this.#prepared;
    return headers.flatMap((name, at): Headers => {
      if (at % 2 !== 0 || (!keepsBody && OF_BODY.test(name))) return [];
      return [[name, headers[at + 1] ?? ""]];
    });
  }
}
