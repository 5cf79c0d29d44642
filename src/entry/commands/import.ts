import { nodeFiles } from "../../adapters/node/files.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, UserError, usageProblem } from "../../errors.ts";
import { importFile } from "../../gate/import-file.ts";
import { unknownFile } from "../../import/import.ts";
import { totalsLine } from "../../report/run-lines.ts";
import { importReading } from "../read-comparable.ts";
import type { Streams } from "../streams.ts";

/** `swarmgate import FILE`: another tool's result file as a run record, to a file or to stdout. */
export const importCommand = async ({ positionals, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const path = positionals[0] ?? "";
  const read = await importFile(path, importReading(options.dropBadLines));
  if (!read.ok) throw new UserError(read.problems);
  if (read.value.kind === "unknown")
    throw new UserError([{ ...unknownFile, message: `${path}: ${unknownFile.message}` }]);
  if (read.value.kind === "own") {
    const message = `${path} is a file of swarmgate already.`;
    throw new UserError([usageProblem("conflicting-values", message, "swarmgate compare takes it as it is.")]);
  }
  const { record, format } = read.value;
  const text = `${JSON.stringify(record)}\n`;
  if (options.out === null) streams.out(text);
  else await nodeFiles().write(options.out, text);
  if (!options.quiet) {
    const said = record.validity.problems.map(({ message }) => message);
    streams.err([`${format}: ${totalsLine(record)}`, ...said].map((line) => `${line}\n`).join(""));
  }
  return ExitCode.gateOpen;
};
