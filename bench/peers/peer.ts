import type { Program } from "../process.ts";

/** The loads that the generators are asked for. Times in seconds. */
export type Load =
  /** As fast as `users` keep-alive connections allow. */
  | { readonly kind: "flat"; readonly url: string; readonly users: number; readonly seconds: number }
  /** `spawnRate` users more a second up to `users`; each asks, waits, asks again. */
  | {
      readonly kind: "users";
      readonly url: string;
      readonly users: number;
      readonly spawnRate: number;
      readonly wait: number;
      readonly seconds: number;
    }
  /** `rate` requests a second, by at most `users` at once. */
  | {
      readonly kind: "rate";
      readonly url: string;
      readonly rate: number;
      readonly users: number;
      readonly seconds: number;
    };

/** What a generator says of its own run. Times in milliseconds; `null` is what it does not say. */
export type Figures = {
  readonly requests: number | null;
  readonly requestsPerSecond: number | null;
  readonly failures: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** How far the number of users was off its schedule in the worst second, in percent of the schedule. */
  readonly spawnErrorPercent?: number | null;
  /** Sentences about this run that no column holds. */
  readonly remarks?: readonly string[];
};

export type Invocation = Program & {
  /** Reads the figures from stdout or from files it wrote; throws when they are not there. */
  readonly read: (stdout: string) => Figures;
};

export type Installed = {
  readonly version: string;
  /** `scratch` is an existing folder for files of this run. */
  readonly invoke: (load: Load, scratch: string) => Invocation;
};

export type Peer = {
  readonly name: string;
  readonly loads: readonly Load["kind"][];
  /** Puts the program below `folder`, or finds it there. Throws one sentence when this machine cannot have it. */
  readonly install: (folder: string) => Promise<Installed>;
};

/** For a load that a peer did not list. */
export const unsupported = (name: string, load: Load): Error => new Error(`${name} has no load "${load.kind}" here`);
