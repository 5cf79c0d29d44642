import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { detect, HEAD } from "../import/detect.ts";
import {
  droppedText,
  type ImportedFile,
  type Importing,
  importDocument,
  startImport,
  toRecord,
} from "../import/import.ts";
import { importProblem } from "../import/problems.ts";
import type { ReadText } from "../ports.ts";
import { MAX_DOCUMENT } from "../record/document.ts";
import type { RunRecord } from "../record/record.ts";

export type ImportReading = {
  readonly readText: ReadText;
  /** Version of swarmgate, for the record. */
  readonly version: string;
  readonly dropBadLines: boolean;
};

/** A record made of another tool's file; `own` is a record or history of ours, `unknown` nobody's that we know. */
export type FileRead =
  | {
      readonly kind: "imported";
      readonly record: RunRecord;
      readonly format: string;
      /** Lines that were left out; `null` when none was. */
      readonly dropped: string | null;
    }
  | { readonly kind: "own" }
  | { readonly kind: "unknown" };

/** Tells a file by its content and imports it; a file of any size passes through in pieces. */
export const importFile = async (path: string, reading: ImportReading): Promise<Parsed<FileRead>> => {
  const taking = takeFile(reading.dropBadLines);
  const read = await reading.readText(path, taking.push);
  if (read.kind === "absent") return refused([unreadable(path, "does not exist")]);
  if (read.kind === "refused") return refused([unreadable(path, `cannot be read: ${read.reason}`)]);
  const taken = taking.end();
  if (!taken.ok) return refused(taken.problems.map((problem) => named(path, problem)));
  if (taken.value === "own" || taken.value === "unknown") return parsed({ kind: taken.value });
  const record = toRecord(taken.value, { version: reading.version, digest: read.digest });
  const dropped = droppedText(taken.value.dropped);
  const format = taken.value.format.name;
  return parsed({ kind: "imported", record, format, dropped: dropped === null ? null : `${path}: ${dropped}` });
};

type Taken = Parsed<ImportedFile | "own" | "unknown">;
type Taking = { readonly push: (piece: string) => boolean; readonly end: () => Taken };

/** Looks at the beginning until it can tell what the file is, then hands everything on. */
const takeFile = (dropBadLines: boolean): Taking => {
  let head = "";
  let rest: Taking | null = null;
  const decide = (): Taking => {
    const detected = detect(head);
    if (!detected.ok) return settled(detected);
    if (detected.value.kind === "stream") {
      const { format, separator } = detected.value;
      return streaming(startImport(format, { separator, dropBadLines }), head);
    }
    return detected.value.kind === "document" ? whole(head) : settled(parsed(detected.value.kind));
  };
  return {
    push: (piece) => {
      if (rest !== null) return rest.push(piece);
      head += piece;
      if (head.length < HEAD) return true;
      rest = decide();
      return rest.push("");
    },
    end: () => {
      if (rest === null && head.trim() === "") return refused([importProblem("it is empty")]);
      return (rest ?? decide()).end();
    },
  };
};

const settled = (taken: Taken): Taking => ({ push: () => false, end: () => taken });

const streaming = (importing: Importing, head: string): Taking => {
  let goes = importing.push(head);
  return {
    push: (piece) => {
      goes = goes && importing.push(piece);
      return goes;
    },
    end: importing.end,
  };
};

const whole = (head: string): Taking => {
  const pieces = [head];
  let length = head.length;
  return {
    push: (piece) => {
      pieces.push(piece);
      length += piece.length;
      return length <= MAX_DOCUMENT;
    },
    end: () =>
      length > MAX_DOCUMENT
        ? refused([importProblem(`it is one JSON document of more than ${MAX_DOCUMENT} characters`)])
        : importDocument(pieces.join("")),
  };
};

const unreadable = (path: string, what: string): Problem =>
  usageProblem(
    "record-unreadable",
    `The file ${path} ${what}.`,
    "Give the path of a run record, or of a result file of a tool that docs/import.md lists.",
  );

const named = (path: string, problem: Problem): Problem => ({ ...problem, message: `${path}: ${problem.message}` });
