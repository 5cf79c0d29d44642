import http from "node:http";
import https from "node:https";
import type { Probe, ProbeAnswer } from "../../ports.ts";
import { checkedLookup } from "./checked-lookup.ts";
import { transportCause } from "./transport-cause.ts";

type ProbeRequest = Parameters<Probe>[0];

/** More of a readiness answer than this is not read: the commit stands at its beginning or in a header. */
const MAX_BODY = 64 * 1024;

/**
 * One GET over a connection of its own, so that a target that comes up behind a load balancer is seen afresh each time.
 * Redirects are answers. The timeout covers everything from the name's resolution to the last byte.
 */
export const nodeProbe: Probe = async (request) => {
  const url = new URL(request.url);
  const secure = url.protocol === "https:";
  const signal = AbortSignal.timeout(request.timeout);
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  const lookup = checkedLookup((text) => resolve({ kind: "forbidden", text }));
  const sent = secure
    ? https.request(url, { ...secureOptions(request), lookup })
    : http.request(url, { ...plainOptions(request), lookup });
  let handshaking = false;
  const stop = (): void => {
    resolve({ kind: "error", cause: "timeout", text: `no whole answer within ${request.timeout} ms` });
    sent.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  sent.on("socket", (socket) => {
    socket.once("connect", () => {
      handshaking = secure;
    });
    socket.once("secureConnect", () => {
      handshaking = false;
    });
  });
  sent.on("error", (error) => resolve(transportCause(error, handshaking)));
  sent.on("response", (response) => {
    readBody(response).then(
      (body) => {
        resolve({ kind: "answer", status: response.statusCode ?? 0, headers: flatHeaders(response.headers), body });
        sent.destroy();
      },
      (error: unknown) => resolve(transportCause(error, false)),
    );
  });
  sent.end();
  const answer = await promise;
  signal.removeEventListener("abort", stop);
  return answer;
};

/** A new agent per probe: no keep-alive, and the proxy variables as they stand. */
const plainOptions = ({ headers }: ProbeRequest): http.RequestOptions => ({
  headers,
  agent: new http.Agent({ keepAlive: false, proxyEnv: process.env }),
});

const secureOptions = ({ headers, insecure }: ProbeRequest): https.RequestOptions => ({
  headers,
  agent: new https.Agent({ keepAlive: false, proxyEnv: process.env, rejectUnauthorized: !insecure }),
});

const readBody = async (response: http.IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY).toString("utf8");
};

const flatHeaders = (headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
