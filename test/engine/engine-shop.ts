/** A shop in a thread of its own that checks everything a scenario promises, and writes down what was wrong. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

export type ShopReport = {
  readonly requests: number;
  readonly byPath: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
  readonly emails: readonly string[];
  readonly uuids: readonly string[];
  /** Random values of each user's orders, by token. */
  readonly skus: Readonly<Record<string, readonly string[]>>;
  readonly loggedOut: number;
};

const port = parentPort;
if (port === null) throw new Error("run as a thread");

const fresh = () => ({
  requests: 0,
  byPath: {} as Record<string, number>,
  wrong: [] as string[],
  emails: [] as string[],
  uuids: [] as string[],
  skus: {} as Record<string, string[]>,
  loggedOut: 0,
});
let seen = fresh();
const tokens = new Map<string, string>();
const orders = new Map<string, string>();
let nextOrder = 1;

const wrong = (text: string): void => {
  if (seen.wrong.length < 20) seen.wrong.push(text);
};
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};
const bearer = ({ headers }: IncomingMessage): string => (headers.authorization ?? "").replace("Bearer ", "");

const login = (body: string, response: ServerResponse): void => {
  const { email, password } = JSON.parse(body);
  if (password !== "pw-123456") wrong(`password ${password}`);
  if (email.startsWith("blocked")) {
    json(response, 403, { error: "blocked" });
    return;
  }
  const token = `token of ${email}`;
  tokens.set(token, email);
  seen.emails.push(email);
  json(response, 200, { token });
};

const order = (request: IncomingMessage, body: string, response: ServerResponse): void => {
  const token = bearer(request);
  if (!tokens.has(token)) wrong(`order with ${token || "no token"}`);
  const { sku, id } = JSON.parse(body);
  if (!(Number(sku) >= 1 && Number(sku) <= 100)) wrong(`sku ${sku}`);
  seen.uuids.push(id);
  seen.skus[token] = [...(seen.skus[token] ?? []), sku];
  const number = `${nextOrder++}`;
  orders.set(number, token);
  json(response, 201, { status: "created", id: number }, { "x-order": number });
};

const readOrder = (request: IncomingMessage, url: URL, response: ServerResponse): void => {
  const number = url.pathname.slice("/orders/".length);
  if (orders.get(number) !== bearer(request)) wrong(`order ${number} read by ${bearer(request)}`);
  if (url.searchParams.get("full") !== "true") wrong(`query ${url.search}`);
  json(response, 200, { id: number });
};

const changeOrder = (request: IncomingMessage, url: URL, body: string): void => {
  if (request.headers["content-type"] !== "application/x-www-form-urlencoded") wrong(`type of ${url.pathname}`);
  if (new URLSearchParams(body).get("note") !== "hello & goodbye") wrong(`form ${body}`);
};

const redirect = (response: ServerResponse, location: string): void => {
  response.writeHead(302, { location }).end();
};

const answer = (request: IncomingMessage, body: string, response: ServerResponse): void => {
  const url = new URL(request.url ?? "/", "http://shop");
  const { method } = request;
  seen.requests++;
  const path = `${method} ${url.pathname.replace(/\d+$/, ":id")}`;
  seen.byPath[path] = (seen.byPath[path] ?? 0) + 1;
  if (request.headers["x-outer"] !== "inner") wrong(`header of ${path}: ${request.headers["x-outer"]}`);
  if (path === "POST /logout") seen.loggedOut++;
  if (path === "PUT /orders/:id") changeOrder(request, url, body);
  if (path === "GET /hello" && url.searchParams.get("tier") !== "gold") wrong(`tier ${url.search}`);
  const actions: Readonly<Record<string, () => void>> = {
    "POST /login": () => login(body, response),
    "POST /orders": () => order(request, body, response),
    "GET /orders/:id": () => readOrder(request, url, response),
    "GET /moved": () => redirect(response, "/arrived"),
    "GET /circle": () => redirect(response, "/circle"),
    "GET /away": () => redirect(response, "http://elsewhere.example/"),
    "GET /slow": () => setTimeout(() => json(response, 200, {}), 400),
  };
  (actions[path] ?? (() => json(response, 200, { hello: "there" })))();
};

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => answer(request, body, response));
});
server.listen(0, "127.0.0.1", () => port.postMessage({ port: (server.address() as AddressInfo).port }));
port.on("message", () => {
  port.postMessage(seen satisfies ShopReport);
  seen = fresh();
});
