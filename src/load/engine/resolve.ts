import dns, { type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { refusedAddress } from "../refused-address.ts";

/** The system's resolver does not say how long its answer holds; load balancers change theirs every minute. */
const KEPT_MS = 5000;
/** A name that does not resolve is asked again soon: users that try again would ask hundreds of times a second. */
const FAILURE_KEPT_MS = 500;

/** The code of an error for a name that leads to a link-local or metadata address. */
export const ADDRESS_REFUSED = "ADDRESS_REFUSED";

type Answer =
  | { readonly kind: "addresses"; readonly addresses: readonly LookupAddress[] }
  | { readonly kind: "error"; readonly error: Error };
type Entry = { readonly until: number; readonly answer: Promise<Answer> };

/**
 * Name look-up for all connections of a thread: one question for a name at a time, its answer kept for some seconds, so
 * that thousands of users are no test of the resolver, which has four threads. The addresses take turns, as the resolver
 * would have them do. A name that leads to an address to which nothing may be sent fails, whatever else it leads to.
 */
export const keptLookup = (): LookupFunction => {
  const entries = new Map<string, Entry>();
  let turn = 0;
  const ask = (hostname: string, family: dns.LookupOptions["family"], hints: number | undefined): Promise<Answer> => {
    const key = `${hostname} ${family ?? 0} ${hints ?? 0}`;
    const known = entries.get(key);
    if (known !== undefined && performance.now() < known.until) return known.answer;
    const answer = resolve(hostname, { all: true, family: family ?? 0, ...(hints === undefined ? {} : { hints }) });
    const keep = (time: number): void => {
      entries.set(key, { until: performance.now() + time, answer });
    };
    keep(Number.POSITIVE_INFINITY);
    void answer.then(({ kind }) => keep(kind === "error" ? FAILURE_KEPT_MS : KEPT_MS));
    return answer;
  };
  return (hostname, { family, hints, all }, callback) => {
    void ask(hostname, family, hints).then((answer) => {
      if (answer.kind === "error") {
        callback(answer.error, []);
        return;
      }
      const addresses = inTurn(answer.addresses, turn++);
      const [first] = addresses;
      if (all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
};

const resolve = (hostname: string, options: dns.LookupAllOptions): Promise<Answer> =>
  new Promise((done) => {
    dns.lookup(hostname, options, (error, addresses) => {
      if (error !== null) {
        done({ kind: "error", error });
        return;
      }
      const refused = refusedAddress(addresses.map(({ address }) => address));
      done(
        refused === null
          ? { kind: "addresses", addresses }
          : { kind: "error", error: refusal(hostname, refused.address, refused.what) },
      );
    });
  });

const refusal = (hostname: string, address: string, what: string): Error =>
  Object.assign(new Error(`${hostname} leads to ${address}, ${what}`), { code: ADDRESS_REFUSED });

/** Each family by itself: which one is tried first is the resolver's choice. */
const inTurn = (addresses: readonly LookupAddress[], turn: number): LookupAddress[] => {
  const [first] = addresses;
  const same = addresses.filter(({ family }) => family === first?.family);
  const others = addresses.filter(({ family }) => family !== first?.family);
  return [...turned(same, turn), ...turned(others, turn)];
};

const turned = <T>(list: readonly T[], turn: number): readonly T[] => {
  const at = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
};
