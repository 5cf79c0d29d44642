import type { Bench } from "./bench.ts";
import { ab } from "./peers/ab.ts";
import { autocannon } from "./peers/autocannon.ts";
import { hey } from "./peers/hey.ts";
import { k6 } from "./peers/k6.ts";
import { locustFast, locustHttp } from "./peers/locust.ts";
import { nodeSockets } from "./peers/node-sockets.ts";
import { oha } from "./peers/oha.ts";
import type { Peer } from "./peers/peer.ts";
import { swarmgateIn } from "./peers/swarmgate.ts";
import { vegeta } from "./peers/vegeta.ts";
import { wrk } from "./peers/wrk.ts";

const PEERS: readonly Peer[] = [wrk, ab, nodeSockets, oha, autocannon, hey, vegeta, k6, locustFast, locustHttp];

/** Named in every table it would belong to. */
const NOT_PACKAGED: Missing = { name: "wrk2", loads: ["flat", "rate"], reason: "no package registry offers it" };

/** A generator that this machine cannot have; the reason is the end of a sentence. */
export type Missing = { readonly name: string; readonly loads: readonly string[]; readonly reason: string };

export type InstallRequest = {
  readonly folder: string;
  readonly loads: readonly string[];
  /** Names separated by commas; `undefined` is all. */
  readonly only: string | undefined;
  readonly dist: string;
  readonly log: (line: string) => void;
};

type InstalledPeers = Pick<Bench, "swarmgate" | "generators"> & { readonly missing: readonly Missing[] };

/** Installs what the loads need, all at once, each within its own limit; what cannot be had is named, not fatal. */
export const installPeers = async ({ folder, loads, only, dist, log }: InstallRequest): Promise<InstalledPeers> => {
  const swarmgate = await swarmgateIn(dist).install();
  log(`swarmgate ${swarmgate.version}`);
  const wanted = PEERS.filter((peer) => peer.loads.some((load) => loads.includes(load)) && isAsked(peer.name, only));
  const results = await Promise.all(
    wanted.map(async (peer) => {
      try {
        const installed = await peer.install(folder);
        log(`${peer.name} ${installed.version}`);
        return { kind: "ready", peer: { ...installed, name: peer.name, loads: peer.loads } } as const;
      } catch (error) {
        const reason = firstLine(error instanceof Error ? error.message : String(error));
        log(`${peer.name} is missing: ${reason}`);
        return { kind: "missing", missing: { name: peer.name, loads: peer.loads, reason } } as const;
      }
    }),
  );
  return {
    swarmgate,
    generators: results.flatMap((result) => (result.kind === "ready" ? [result.peer] : [])),
    missing: [...results.flatMap((result) => (result.kind === "missing" ? [result.missing] : [])), NOT_PACKAGED],
  };
};

/** "locust" means both of Locust's clients. */
const isAsked = (name: string, only: string | undefined): boolean =>
  only === undefined ||
  only.split(",").some((asked) => asked !== "" && name.toLowerCase().startsWith(asked.toLowerCase()));

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").replace(/\.$/, "");
