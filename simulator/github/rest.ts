/** What all REST answers have in common: errors, numbers in paths, pages with `Link` headers. */
import { type Answer, jsonAnswer } from "../local-server.ts";
import type { Call } from "../routes.ts";

export const notFound = (): Answer => jsonAnswer(404, { message: "Not Found", status: "404" });

export const unprocessable = (message: string, errors: readonly unknown[] = []): Answer =>
  jsonAnswer(422, { message, errors, status: "422" });

/** The answer for something found, or 404. */
export const found = <Thing>(thing: Thing | undefined, answer: (thing: Thing) => unknown): Answer =>
  thing === undefined ? notFound() : jsonAnswer(200, answer(thing));

/** What was written, and where it lives now. */
export const created = (body: Readonly<Record<string, unknown>>): Answer =>
  jsonAnswer(201, body, { location: String(body["url"]) });

export const numberOf = (call: Call, name: string): number => Number(call.param(name));

/** A page of a list: `wrap` puts the items into the body. */
export function paged<Item>(call: Call, all: readonly Item[], wrap: (items: readonly Item[]) => unknown): Answer {
  const size = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 30)));
  const page = Math.max(1, Number(call.query.get("page") ?? 1));
  const last = Math.max(1, Math.ceil(all.length / size));
  const links = [
    ...(page > 1 ? [linkTo(call, page - 1, "prev")] : []),
    ...(page < last ? [linkTo(call, page + 1, "next"), linkTo(call, last, "last")] : []),
    ...(page > 1 ? [linkTo(call, 1, "first")] : []),
  ];
  const body = wrap(all.slice((page - 1) * size, page * size));
  return jsonAnswer(200, body, links.length === 0 ? {} : { link: links.join(", ") });
}

function linkTo(call: Call, page: number, relation: string): string {
  const query = new URLSearchParams(call.query);
  query.set("page", String(page));
  return `<${call.origin}${call.path}?${query}>; rel="${relation}"`;
}
