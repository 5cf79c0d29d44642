/** The concurrency of the account: what functions without a reservation share, and what its region-wide metrics say. */
import type { EpochMs } from "../../src/units.ts";
import type { FunctionSettings } from "../function-settings.ts";
import type { Elsewhere } from "../lambda-model.ts";
import type { AccountLoad } from "../ledger.ts";
import { type AccountSettings, defaultAccountSettings } from "./account-settings.ts";

/** A function as the account sees it. */
export type Tenant = {
  readonly settings: FunctionSettings;
  readonly load: (atMs: EpochMs) => { readonly busy: number; readonly perSecond: number };
};

export type AccountView = {
  /** What the other functions leave of the shared limit; nothing to heed when it is not shared. */
  readonly elsewhere: (tenant: Tenant, atMs: EpochMs) => Elsewhere | undefined;
  readonly load: (atMs: EpochMs) => AccountLoad;
};

/** What a new account without any quota increase has (reference, "Lambda scaling and limits"). */
const usualLimit = 1000;

const ownLimits = (tenants: readonly Tenant[]): readonly number[] =>
  tenants.flatMap(({ settings }) => (isReserved(settings) ? [] : [settings.concurrencyLimit]));

const isReserved = ({ limitKind }: FunctionSettings): boolean => limitKind === "reserved";

const reservedBy = (tenants: readonly Tenant[]): number =>
  tenants.reduce((sum, { settings }) => sum + (isReserved(settings) ? settings.concurrencyLimit : 0), 0);

export class Account implements AccountView {
  readonly #tenants: () => readonly Tenant[];
  #settings = defaultAccountSettings;

  constructor(tenants: () => readonly Tenant[]) {
    this.#tenants = tenants;
  }

  get settings(): AccountSettings {
    return this.#settings;
  }

  configure(change: Partial<AccountSettings>): void {
    this.#settings = { ...this.#settings, ...change };
  }

  /** AccountLimit.ConcurrentExecutions. */
  limit(): number {
    return this.#settings.concurrentExecutions ?? Math.min(...ownLimits(this.#tenants()), usualLimit);
  }

  /** AccountLimit.UnreservedConcurrentExecutions. */
  unreserved(): number {
    return Math.max(0, this.limit() - reservedBy(this.#tenants()));
  }

  elsewhere(tenant: Tenant, atMs: EpochMs): Elsewhere | undefined {
    const { concurrentExecutions } = this.#settings;
    if (concurrentExecutions === null || isReserved(tenant.settings)) return undefined;
    const others = this.#tenants().filter((one) => one !== tenant && !isReserved(one.settings));
    const loads = others.map((one) => ({ ...one.load(atMs), kept: one.settings.provisionedConcurrency }));
    return {
      limit: this.unreserved(),
      busy: loads.reduce((sum, { busy, kept }) => sum + Math.max(busy, kept), 0),
      perSecond: loads.reduce((sum, { perSecond }) => sum + perSecond, 0),
    };
  }

  /** Claimed: unreserved executions plus everything allocated, reserved or kept ready (reference, "Names, statistics"). */
  load(atMs: EpochMs): AccountLoad {
    let concurrent = 0;
    let unreserved = 0;
    let allocated = 0;
    for (const { settings, load } of this.#tenants().map((one) => ({ settings: one.settings, load: one.load(atMs) }))) {
      concurrent += load.busy;
      const kept = isReserved(settings) ? settings.concurrencyLimit : settings.provisionedConcurrency;
      allocated += kept;
      if (!isReserved(settings)) unreserved += Math.max(0, load.busy - kept);
    }
    return { concurrent, unreserved, claimed: unreserved + allocated };
  }
}
