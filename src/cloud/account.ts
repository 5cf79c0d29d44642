import type { AccountFacts } from "./facts.ts";

/** The account as far as it is known; `null` when nothing of it is. */
export const accountFacts = (known: Partial<AccountFacts>): AccountFacts | null => {
  const facts: AccountFacts = { ...NOTHING, ...known };
  return Object.values(facts).every((value) => value === null) ? null : facts;
};

const NOTHING: AccountFacts = {
  concurrencyLimit: null,
  unreserved: null,
  claimedMax: null,
  apiGatewayRate: null,
  apiGatewayBurst: null,
  apiGatewayTimeoutMs: null,
  enisPerVpc: null,
};
