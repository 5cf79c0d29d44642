import type { Right } from "../config/starter/rights.ts";
import { STACK_TITLES, type StackName } from "../config/starter/stacks.ts";
import type { Starter } from "../config/starter/starter.ts";
import { wrap } from "../text-layout.ts";

/** What `init` did, which rights it asked for and why, and what is left to do. */
export const starterText = (
  { stack, marker }: { readonly stack: StackName; readonly marker: string | null },
  { files, jobRights, roleRights, next }: Starter,
  width: number,
): string => {
  const because = marker === null ? "" : `, because ${marker} is here`;
  const lines = [
    `Written for ${STACK_TITLES[stack]}${because}:`,
    ...files.map(({ path }) => `  ${path}`),
    "",
    "The job asks GitHub for:",
    ...jobRights.flatMap((one) => rightLines(one, width)),
    ...(roleRights.length === 0
      ? []
      : [
          "",
          "The gate asks AWS for (policy: docs/permissions.md):",
          ...roleRights.flatMap((one) => rightLines(one, width)),
        ]),
    "",
    "Next:",
    ...next.flatMap((sentence, index) => wrap(sentence, width, `  ${index + 1}. `)),
  ];
  return `${lines.join("\n")}\n`;
};

const rightLines = ({ right, why }: Right, width: number): readonly string[] => wrap(`${right} (${why})`, width, "  ");
