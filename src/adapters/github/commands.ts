/**
 * The runner reads commands from the log: a line that begins with `::name::` (after blanks), and `##[name]` anywhere in
 * a line. Ours are written here; what comes from outside goes through `harmless` first.
 */
export type Write = (text: string) => void;

/** A line of text from anywhere that the runner takes for text: on one line, with both openings of commands broken up. */
export const harmless = (line: string): string =>
  [...line]
    .map((unit) => (isControl(unit) ? " " : unit))
    .join("")
    .replaceAll(/:(?=:)/g, ": ")
    .replaceAll("##[", "## [");

/** Line breaks, escape sequences and everything else that moves a terminal's cursor. */
const isControl = (unit: string): boolean => {
  const code = unit.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
};

/**
 * `::error title=Gate::message`. The runner shows ten of each kind per step and 4,096 characters of each. A message may
 * have lines, and none of them is a command for whoever reads the log after the runner.
 */
export const annotation = (kind: "error" | "warning" | "notice", title: string, message: string): string =>
  `::${kind} title=${escapeProperty(title.slice(0, 200))}::${escapeData(harmlessLines(message.slice(0, MAX_MESSAGE)))}\n`;

const harmlessLines = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map(harmless)
    .join("\n");

const MAX_MESSAGE = 4_000;

/** Hides a value in everything the job logs from now on; each line of it, since the log is masked line by line. */
export const maskCommands = (values: readonly string[]): string => {
  const all = values.flatMap((value) => [value, ...value.split(/\r?\n/)]).filter((value) => value.trim() !== "");
  return [...new Set(all)].map((value) => `::add-mask::${escapeData(value)}\n`).join("");
};

/** Escapes as in the runner's ActionCommand: percent first. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
