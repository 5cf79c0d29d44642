import { gzipSync } from "node:zlib";
import type { RunRecord } from "../record/record.ts";
import { type EmbeddedRecord, PACK_FROM, renderHtml } from "../report/html/html.ts";
import type { ReportModel } from "../report/report.ts";

/** The HTML report with the run record in it. */
export const htmlReport = (report: ReportModel, record: RunRecord): string => renderHtml(report, embedded(record));

/** `run.html` for `run.json`. */
export const besideRecord = (path: string): string => `${path.replace(/\.json$/i, "")}.html`;

/** A large record is packed, so that the page stays small enough to be mailed about. */
const embedded = (record: RunRecord): EmbeddedRecord => {
  const json = JSON.stringify(record);
  return json.length < PACK_FROM
    ? { kind: "json", fileName: "run.json", json }
    : { kind: "gzip", fileName: "run.json", base64: gzipSync(json).toString("base64") };
};
