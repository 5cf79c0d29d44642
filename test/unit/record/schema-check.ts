import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parseRecord } from "../../../src/record/parse-record.ts";

const read = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}`, import.meta.url), "utf8")) as object;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

export const schemaAccepts = ajv.compile(read("run-record.v1.schema.json"));
export const historySchemaAccepts = ajv.compile(read("history.v1.schema.json"));

/** Whether the parser and the published schema say the same about a document. */
export const agreesWithSchema = (document: unknown): boolean =>
  parseRecord(JSON.stringify(document)).ok === schemaAccepts(document);
