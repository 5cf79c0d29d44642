/**
 * Text from outside (task names, error messages, branch names) made harmless for the place it is printed in. GitHub looks
 * for mentions, references and addresses in the text that is left after Markdown has been read, so a backslash or an entity
 * does not stop them; a zero-width space or a code span does.
 */

/** One line without control characters, terminal sequences and invisible formatting such as right-to-left overrides. */
export const plainText = (text: string): string =>
  text
    .toWellFormed()
    .replace(TERMINAL_SEQUENCE, "")
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    // What stood between two blanks may have gone.
    .replace(/ +/g, " ")
    .trim();

/** Plain text inside a Markdown line or table cell: shown as it is, never interpreted. */
export const escapeMarkdown = (text: string): string =>
  plainText(text).replace(ACTIVE, (sign) => ENTITY[sign] ?? (MARKUP.test(sign) ? `\\${sign}` : `${sign}${BREAK}`));

/** The same at the start of a line, where a list, a quotation, a heading or a rule could begin. */
export const escapeMarkdownLine = (text: string): string =>
  escapeMarkdown(text)
    .replace(/^[-+>=#:]/, "\\$&")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");

/** A name as code, in a line or a table cell: can be copied, because nothing has to be broken up in it. */
export const codeSpan = (text: string): string => {
  const plain = plainText(text);
  if (plain === "") return "";
  // A pipe ends a table cell even in a code span, and a log reads commands in one: then escaped text has to do.
  if (/\||::|##\[/.test(plain)) return `<code>${escapeMarkdown(plain)}</code>`;
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
};

/** A line of a `<pre>` block in Markdown, where no markup is read and blanks stay: entities for whatever could still act. */
export const escapePreformatted = (line: string): string => {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return `${indent}${plainText(line).replace(ACTIVE_IN_PRE, (sign) => `&#${sign.codePointAt(0)};`)}`;
};

/** One line for a terminal or a job log, where `::` and `##[` would be read as commands to the runner. */
export const escapeLog = (text: string): string =>
  plainText(text)
    .replace(/:(?=:)/g, ": ")
    .replace(/##(?=\[)/g, "## ");

/** JSON text in which nothing can be read as a command by the runner or as a control sequence by a terminal; same value. */
export const escapeJson = (json: string): string =>
  json
    .replace(/:(?=:)|(?<=##)\[/g, unicodeEscape)
    .replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (sign) => sign.split("").map(unicodeEscape).join(""));

/** An address that may stand in a link, or `null`: http and https only, encoded so that it cannot end the link. */
export const linkTarget = (url: string): string | null => {
  if (!URL.canParse(url)) return null;
  const { href, protocol } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return href.replace(/[()<>[\]|`*_~"'\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
};

/** Cut to a number of characters, never through a surrogate pair. */
export const clip = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
};

/** Cut to a number of characters with the end kept: names of a kind begin alike. */
export const clipMiddle = (text: string, length: number): string => {
  const characters = [...text];
  if (characters.length <= length) return text;
  const after = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - after).join("")}…${characters.slice(-after).join("")}`;
};

/** In Markdown or HTML: a figure stays with its unit where a line ends. */
export const keepUnits = (markup: string): string =>
  markup.replace(/(?<=\d) (?=(?:ms|pp|%|USD|[kMG]B)(?![\w%]))/g, "&nbsp;");

const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Zero-width space, as an entity so that it can be seen in the source. */
const BREAK = "&#8203;";
const MARKUP = /^[\\`*_~[\]]$/;
/** `|` ends a table cell and `$` opens a formula before backslashes are looked at. */
const ENTITY: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", "|": "&#124;", $: "&#36;" };
/** Markup; entities, tags (`<= 500ms` opens none and stays readable), cells, formulas; mentions, references, addresses; workflow commands. */
const ACTIVE = /[\\`*_~[\]&|$@]|<(?![= \d])|#(?=\d)|gh-(?=\d)|:(?=\/\/|:)|www(?=\.)/gi;
/** Tags and entities; mentions, references, addresses; workflow commands; and what would be markup if the block ended early. */
const ACTIVE_IN_PRE = /[&<>@|`*_~$\\[\]]|#(?=[\d[#])|(?<=gh)-(?=\d)|:(?=\/\/|:)|(?<=www)\./gi;
const ESCAPE = String.fromCharCode(0x1b);
const CSI = String.fromCharCode(0x9b);
const BELL = String.fromCharCode(0x07);
/** ECMA-48: control sequences (`ESC [ ... letter`), strings such as window titles (`ESC ] ... BEL`), two-character escapes. */
const TERMINAL_SEQUENCE = new RegExp(
  `(?:${ESCAPE}\\[|${CSI})[0-?]*[ -/]*[@-~]|${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|${ESCAPE}[ -/]*[0-~]?`,
  "g",
);
