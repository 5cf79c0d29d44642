import { LineCounter, parseDocument } from "yaml";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";

/**
 * The one value of a YAML text; `null` when it is empty. Every scalar is the text that stands there (YAML's failsafe
 * schema): the table of inputs knows which of them are numbers, and `version: 1.10` keeps its zero. Twice the same key,
 * unknown tags, several documents and texts made to blow up are problems with line and column.
 */
export const readYaml = (text: string, fileName: string): Parsed<unknown> => {
  if (text.length > LONGEST) {
    return refused([unreadable(`${fileName} is larger than ${LONGEST / 1024} KB.`, "A config file is a page or two.")]);
  }
  try {
    return readDocument(text, fileName);
  } catch (error) {
    const unknown = /^Unresolved alias[^:]*: (\S+)$/.exec(error instanceof Error ? error.message : "")?.[1];
    if (unknown === undefined) return tooComplex(fileName);
    const message = `${fileName} refers to ${unknown}, which stands nowhere before it.`;
    return refused([unreadable(message, `Quote the value if "*${unknown}" is a text.`)]);
  }
};

const LONGEST = 256 * 1024;
const MOST_ALIASES = 20;

const readDocument = (text: string, fileName: string): Parsed<unknown> => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    version: "1.2",
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "error",
    lineCounter,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length === 0) return parsed(document.toJS({ maxAliasCount: MOST_ALIASES }) ?? null);
  // The parser itself turns an exhausted stack into one of its messages.
  if (faults.some(({ message }) => message.includes("call stack"))) return tooComplex(fileName);
  return refused(
    faults.slice(0, MOST_FAULTS).map(({ pos, message }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      const says = message.split("\n")[0]?.replace(/[.\s]+$/, "") ?? "";
      return unreadable(`${fileName} is not readable at line ${line}, column ${col}: ${says}.`, "Mend the YAML there.");
    }),
  );
};

const MOST_FAULTS = 10;

const tooComplex = (fileName: string): Parsed<never> =>
  refused([unreadable(`${fileName} has too many aliases or levels.`, "Write the values out, a few levels deep.")]);

const unreadable = (message: string, hint: string): Problem => usageProblem("unreadable-file", message, hint);
