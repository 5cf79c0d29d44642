import { escapeJson } from "../report/escape.ts";
import { wrapWords } from "../text-layout.ts";

/** What would be sent, a sentence a line, or the same sentences as JSON. */
export const dryRunText = (
  lines: readonly string[],
  { json, width }: { readonly json: boolean; readonly width: number },
): string =>
  json
    ? `${escapeJson(JSON.stringify({ schema: "swarmgate.dry-run/v1", lines }, null, 2))}\n`
    : `${lines.flatMap((line) => wrapWords(line, width)).join("\n")}\n`;
