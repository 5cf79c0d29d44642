import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One server-sent event; its data is written as JSON. */
export type LiveEvent = { readonly name: string; readonly data: unknown };

/** What became of a request for a change: the status of the answer, and a sentence. */
export type LiveAnswer = { readonly status: 200 | 400 | 409; readonly text: string };

export type LiveServerSetup = {
  readonly page: { readonly html: string; readonly policy: string };
  /** `null`: one that is free. */
  readonly port: number | null;
  /** What a page that has just been opened is sent first. */
  readonly hello: () => LiveEvent;
  /** Somebody asks for a change: the word behind the token, and the JSON that was posted. */
  readonly ask: (what: string, body: unknown) => LiveAnswer;
};

export type LiveServer = {
  /** With the token: whoever has the address may stop the load. */
  readonly url: string;
  readonly send: (event: LiveEvent) => void;
  /** Sends a last event to every page and closes; waits for slow ones a moment only. */
  readonly close: (last: LiveEvent | null) => Promise<void>;
};

const ADDRESS = "127.0.0.1";
const MOST_PAGES = 20;
/** A page that does not read is dropped when this much waits for it. */
const MOST_WAITING = 4 << 20;
const LONGEST_BODY = 1000;
const LAST_WORDS_MS = 500;

/**
 * Serves the live page to this machine only, below a random path. A page of another origin can neither read it (its
 * origin is not ours, and a name that it points at 127.0.0.1 is not the name in `Host`) nor guess the path. Rejects when
 * the port cannot be had.
 */
export const startLiveServer = async (setup: LiveServerSetup): Promise<LiveServer> => {
  const token = randomBytes(24).toString("base64url");
  const pages = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response, { ...setup, token, pages }));
  const port = await listen(server, setup.port ?? 0);
  return {
    url: `http://${ADDRESS}:${port}/${token}/`,
    send: (event) => {
      const text = eventText(event);
      for (const page of pages) {
        if (page.writableLength > MOST_WAITING) page.destroy();
        else page.write(text);
      }
    },
    close: async (last) => {
      server.close();
      const ended = [...pages].map((page) => endPage(page, last));
      await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
      server.closeAllConnections();
    },
  };
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, ADDRESS, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

const endPage = (page: ServerResponse, last: LiveEvent | null): Promise<void> =>
  new Promise((resolve) => {
    page.once("close", resolve);
    page.end(last === null ? "" : eventText(last), () => resolve());
  });

const eventText = ({ name, data }: LiveEvent): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

type Serving = LiveServerSetup & { readonly token: string; readonly pages: Set<ServerResponse> };

/** Nothing of it may be kept, framed, guessed at or read by another origin. */
const COMMON = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

const answer = (request: IncomingMessage, response: ServerResponse, serving: Serving): void => {
  const [given = "", what, ...more] = (request.url ?? "").replace(/^\//, "").split("/");
  const { method, headers } = request;
  if (!isOurs(request)) sendText(response, 403, "refused");
  else if (!sameText(given, serving.token) || what === undefined || more.length > 0) sendText(response, 404, "refused");
  else if (method === "GET" && what === "") sendPage(response, serving);
  else if (method === "GET" && what === "events") addPage(response, serving);
  // A form or an image of a stranger sends no Origin of ours; our own page's fetch always does.
  else if (method === "POST" && headers.origin !== undefined) takeBody(request, response, serving, what);
  else sendText(response, 405, "refused");
};

/**
 * The name in `Host` is this machine's, whatever the port, so that a forwarded port works; an `Origin`, where there is
 * one, is the page that we served under that name and port.
 */
const isOurs = ({ headers }: IncomingMessage): boolean => {
  const { host = "", origin } = headers;
  const site = headers["sec-fetch-site"];
  return (
    /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) &&
    (origin === undefined || origin === `http://${host}`) &&
    (site === undefined || site === "same-origin" || site === "none")
  );
};

const sameText = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { ...COMMON, "content-type": "text/plain; charset=utf-8" }).end(text);
};

const sendPage = (response: ServerResponse, { page }: Serving): void => {
  const headers = { ...COMMON, "content-type": "text/html; charset=utf-8", "content-security-policy": page.policy };
  response.writeHead(200, headers).end(page.html);
};

const addPage = (response: ServerResponse, { pages, hello }: Serving): void => {
  if (pages.size >= MOST_PAGES) {
    sendText(response, 503, "too many pages are open");
    return;
  }
  response.writeHead(200, { ...COMMON, "content-type": "text/event-stream; charset=utf-8" });
  response.write(`retry: 1000\n\n${eventText(hello())}`);
  pages.add(response);
  response.on("close", () => pages.delete(response));
};

const takeBody = (request: IncomingMessage, response: ServerResponse, { ask }: Serving, what: string): void => {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (part: string) => {
    text += part;
    if (text.length > LONGEST_BODY) request.destroy();
  });
  request.on("end", () => {
    const said = ask(what, readJson(text));
    sendText(response, said.status, said.text);
  });
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
