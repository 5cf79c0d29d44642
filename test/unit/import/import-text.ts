import { readFileSync } from "node:fs";
import type { Parsed } from "../../../src/errors.ts";
import { type FileRead, importFile } from "../../../src/gate/import-file.ts";
import type { OutcomeClass } from "../../../src/load/outcome.ts";
import type { RunRecord } from "../../../src/record/record.ts";

export type TextOptions = { readonly dropBadLines?: boolean; readonly piece?: number; readonly digest?: string };

/** Imports a text as a file of that content, handed out in pieces. */
export const importText = (text: string, options: TextOptions = {}): Promise<Parsed<FileRead>> => {
  const { dropBadLines = false, piece = 1 << 20, digest = "0".repeat(64) } = options;
  const readText = async (_path: string, onText: (piece: string) => boolean) => {
    for (let at = 0; at < text.length; at += piece) if (!onText(text.slice(at, at + piece))) break;
    return { kind: "read", digest } as const;
  };
  return importFile("results", { readText, version: "1.2.3", dropBadLines });
};

/** The record of a text that must be importable. */
export const recordOf = async (text: string, options: TextOptions = {}): Promise<RunRecord> => {
  const read = await importText(text, options);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  if (read.value.kind !== "imported") throw new Error(`the file is ${read.value.kind}`);
  return read.value.record;
};

/** What is said about a text that must be refused: codes and sentences. */
export const refusalOf = async (text: string, options: TextOptions = {}): Promise<string> => {
  const read = await importText(text, options);
  return read.ok ? `not refused: ${read.value.kind}` : read.problems.map((p) => `${p.code}: ${p.message}`).join("\n");
};

/** A file as a tool wrote it; JSON documents on one line, however they are kept here. */
export const sampleFile = (name: string): string => {
  const text = readFileSync(new URL(`files/${name}`, import.meta.url), "utf8");
  return name.endsWith(".json") ? `${JSON.stringify(JSON.parse(text))}\n` : text;
};

/** Outcome classes that happened. */
export const outcomesIn = (record: Pick<RunRecord["totals"], "outcomes">): Partial<Record<OutcomeClass, number>> =>
  Object.fromEntries(Object.entries(record.outcomes).filter(([, count]) => count > 0));

const JTL_HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,success,bytes,URL";

/** A JTL of requests: times in milliseconds, all `orders` with status 200 unless told otherwise. */
export const jtl = (
  rows: readonly { readonly ms: number | string; readonly status?: number; readonly label?: string }[],
  { every = 20, host = "preview-1.example" }: { readonly every?: number; readonly host?: string } = {},
): string =>
  [
    JTL_HEADER,
    ...rows.map(({ ms, status = 200, label = "orders" }, at) =>
      [1795285800000 + at * every, ms, label, status, "", status < 400, 10, `https://${host}/orders`].join(","),
    ),
    "",
  ].join("\n");

/** Deterministic times around a middle, 70 to 130 % of it. */
export const times = (count: number, middle: number): readonly { readonly ms: number }[] =>
  Array.from({ length: count }, (_, at) => ({ ms: Math.round(middle * (0.7 + 0.6 * ((at * 7919) % 1000) * 0.001)) }));
