import type { AccountFacts } from "../cloud/facts.ts";
import { type QuotaQuestion, quotaQuestions } from "../cloud/quotas.ts";
import type { Quotas } from "../ports.ts";

export type QuotaFacts = { readonly facts: Partial<AccountFacts>; readonly notes: readonly string[] };

/** Asks for each quota until one may not be read: the others would be refused alike. What is missing is one note. */
export const readQuotas = async (quotas: Quotas, known: Parameters<typeof quotaQuestions>[0]): Promise<QuotaFacts> => {
  const facts: Partial<Record<QuotaQuestion["fact"], number>> = {};
  for (const { fact, service, code } of quotaQuestions(known)) {
    const read = await quotas.value(service, code);
    if (read.kind === "value") facts[fact] = read.value;
    if (read.kind === "denied" || read.kind === "unavailable")
      return { facts, notes: [`${read.reason} Head-room goes by AWS's default quotas.`] };
  }
  return { facts, notes: [] };
};
