import type { CloudResult } from "../cloud/cloud.ts";

/**
 * What AWS said of the base, its functions under the head's names: base and head deployments call them differently
 * (`orders:base`, `orders:pr-12`), and the i-th of one is the i-th of the other. Unchanged where there are not as many.
 */
export const namedAlike = (base: CloudResult | null, head: CloudResult | null): CloudResult | null => {
  if (base === null || head === null || base.functions.length !== head.functions.length) return base;
  const names = new Map(base.functions.map((one, at) => [one.function, head.functions[at]?.function ?? one.function]));
  const renamed = <T extends { readonly function: string }>(all: readonly T[]): readonly T[] =>
    all.map((one) => ({ ...one, function: names.get(one.function) ?? one.function }));
  const { facts } = base;
  return {
    ...base,
    functions: renamed(base.functions),
    ...(facts === undefined
      ? {}
      : { facts: { ...facts, functions: renamed(facts.functions), logs: renamed(facts.logs) } }),
  };
};
