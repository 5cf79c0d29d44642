import { type EpochMs, epochMs } from "../units.ts";
import { type FieldRead, readEpoch, readInstant } from "./fields.ts";

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d([.,]\d+)?$/;

/** An instant as logs write it: seconds since 1970, RFC 3339, or a date and time without a zone (read as UTC). */
export const readMoment = (name: string, text: string): FieldRead<EpochMs | null> => {
  if (/^\d+(\.\d+)?$/.test(text)) return readEpoch(name, text, Number(text) > 1e11 ? 1 : 1000);
  if (!WITHOUT_ZONE.test(text)) return readInstant(name, text);
  const instant = Date.parse(`${text.replace(" ", "T").replace(",", ".")}Z`);
  return Number.isNaN(instant) ? readInstant(name, text) : { ok: true, value: epochMs(instant) };
};
