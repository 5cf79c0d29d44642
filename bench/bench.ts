import type { Installed } from "./peers/peer.ts";
import type { SwarmgateInstalled } from "./peers/swarmgate.ts";

export type Generator = Installed & { readonly name: string };

/** What every scenario gets. */
export type Bench = {
  readonly repetitions: number;
  /** Length of a flat-out run. */
  readonly seconds: number;
  /** Length of the run whose record is judged. */
  readonly longSeconds: number;
  /** Folder of swarmgate's bundles. */
  readonly dist: string;
  /** Folder of the installed peers. */
  readonly peers: string;
  /** An existing folder for files that are forgotten afterwards. */
  readonly scratch: string;
  readonly swarmgate: SwarmgateInstalled;
  /** The other generators that are there, in the order of the tables. */
  readonly generators: readonly (Generator & { readonly loads: readonly string[] })[];
  readonly log: (line: string) => void;
};
