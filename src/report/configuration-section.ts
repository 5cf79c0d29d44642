import type { RunRecord } from "../record/record.ts";
import { systemFacts } from "../record/system-notes.ts";
import { clip } from "./escape.ts";
import { countOf } from "./format.ts";
import type { Section } from "./report.ts";

const LONGEST = 100;

/**
 * What was under load on both sides, differences first; `null` when one side is not known. In paired mode the base is
 * the other arm, else the newest run of the base.
 */
export const configurationSection = (
  { fingerprint, baseArm }: RunRecord,
  newest: { readonly fingerprint: Pick<RunRecord["fingerprint"], "system"> } | null,
): Section | null => {
  const base = baseArm?.system ?? newest?.fingerprint.system ?? null;
  if (base === null) return null;
  const facts = systemFacts(base, fingerprint.system).filter((one) => one.base !== null && one.head !== null);
  if (facts.length === 0) return null;
  const different = facts.filter(({ differs }) => differs);
  const same = facts.filter(({ differs }) => !differs);
  return {
    id: "configuration",
    title: `Configuration (${different.length === 0 ? "no difference" : countOf(different.length, "difference")})`,
    chart: null,
    lines: [],
    table: {
      columns: [
        { title: "setting", kind: "text" },
        { title: "base", kind: "name" },
        { title: "head", kind: "name" },
        { title: "", kind: "text" },
      ],
      rows: [...different, ...same].map(({ name, base: old, head, differs }) => [
        ...[name, old ?? "-", head ?? "-"].map((text) => clip(text, LONGEST)),
        differs ? "differs" : old === head ? "same" : "other",
      ]),
    },
  };
};
