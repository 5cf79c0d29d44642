import { printableLine } from "../load/printable.ts";

const URL_WITH_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** The name of a task: a URL loses scheme and host, because every preview has its own; one printable line. */
export const taskName = (name: string): string => {
  const path = name.replace(URL_WITH_HOST, "");
  return printableLine(path === "" && name !== "" ? "/" : path) || "unnamed";
};

/** Of a request that has no name of its own: `GET /orders`, as the tasks of a run without a scenario are called. */
export const requestName = (method: string, url: string): string => `${method || "GET"} ${taskName(url)}`;
