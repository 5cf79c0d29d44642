import { knownOf } from "./aws-read.ts";
import type { FunctionReads } from "./deployment.ts";

/** Whether two deployments are two, and of the same code, as far as Lambda tells. */
export type CodeMatch =
  /** `known`: the hash of every function was read on both sides and is the same. */
  | { readonly kind: "alike"; readonly known: boolean }
  /** What differs, each as `code of orders:live and orders:next`. */
  | { readonly kind: "different"; readonly differences: readonly string[] }
  /** Functions that have one version behind both sides. */
  | { readonly kind: "one-deployment"; readonly functions: readonly string[] };

/** Compares functions by their place in the two lists; what one side does not know says nothing. */
export const matchCode = (base: readonly FunctionReads[], head: readonly FunctionReads[]): CodeMatch => {
  const pairs = head.flatMap((one, i) => {
    const other = base[i];
    return other === undefined ? [] : [[other, one] as const];
  });
  const shared = pairs.filter(([one, other]) => isOneVersion(one, other));
  if (shared.length > 0) return { kind: "one-deployment", functions: shared.map(names) };
  const differences = pairs.flatMap((pair) => traitsThatDiffer(pair).map((trait) => `${trait} of ${names(pair)}`));
  if (differences.length > 0) return { kind: "different", differences };
  const known = pairs.length > 0 && pairs.every((pair) => pair.every((reads) => factsOf(reads)?.codeSha256 != null));
  return { kind: "alike", known: known && base.length === head.length };
};

type Pair = readonly [FunctionReads, FunctionReads];

const names = ([one, other]: Pair): string => `${one.ref.label} and ${other.ref.label}`;

const factsOf = ({ configuration }: FunctionReads) => knownOf(configuration);

/** Aliases are names: two of one version reach the same environments. */
const isOneVersion = (one: FunctionReads, other: FunctionReads): boolean => {
  const [a, b] = [versionOf(one), versionOf(other)];
  return one.ref.name === other.ref.name && one.ref.region === other.ref.region && a !== null && a === b;
};

const versionOf = (reads: FunctionReads): string | null =>
  (reads.alias === null ? null : knownOf(reads.alias)?.version) ?? factsOf(reads)?.version ?? null;

/** What a handler's time depends on beside the machine; names, tags and variables are a deployment's own. */
const traitsThatDiffer = ([one, other]: Pair): readonly string[] => {
  const [a, b] = [factsOf(one), factsOf(other)];
  if (a === null || b === null) return [];
  const traits: readonly (readonly [string, unknown, unknown])[] = [
    ["code", a.codeSha256, b.codeSha256],
    ["memory", a.memoryMb, b.memoryMb],
    ["architecture", a.architecture, b.architecture],
    ["runtime", a.runtime, b.runtime],
  ];
  return traits.flatMap(([name, left, right]) => (left !== null && right !== null && left !== right ? [name] : []));
};
