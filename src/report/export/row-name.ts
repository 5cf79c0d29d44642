import type { RunRecord } from "../../record/record.ts";

/** A row as other tools name it: `GET` and `/orders`. */
export type RowName = { readonly method: string; readonly name: string };

/** A row without a name of its own is called `GET /orders`; the method of another is known where it is a whole task. */
export const rowName = ({ plan }: Pick<RunRecord, "plan">, row: string): RowName => {
  const [, method, name] = /^([A-Z]+) (\S.*)$/s.exec(row) ?? [];
  if (method !== undefined && name !== undefined) return { method, name };
  return { method: plan.tasks.find((task) => task.name === row)?.method ?? "", name: row };
};
