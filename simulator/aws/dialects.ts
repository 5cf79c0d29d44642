/** The wire formats of the services, errors included. Facts: reference "APIs" and "Contract of an in-process fake". */
import { randomUUID } from "node:crypto";
import { type Answer, type Exchange, parseJson } from "../local-server.ts";
import type { Dialect } from "./service.ts";

/** An answer of the JSON protocols. */
export const awsJson = (
  version: "1.0" | "1.1",
  value: unknown,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Answer => ({
  status: more.status ?? 200,
  headers: { "content-type": `application/x-amz-json-${version}`, "x-amzn-RequestId": randomUUID(), ...more.headers },
  body: JSON.stringify(value),
});

/** Operation and body of a call by one of the JSON protocols; another service's target keeps its prefix. */
export const readTarget =
  (prefix: string) =>
  ({ headers, body }: Exchange): { readonly operation: string; readonly body: unknown } => {
    const target = String(headers["x-amz-target"] ?? "");
    return {
      operation: target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : target,
      body: parseJson(body),
    };
  };

/** CloudWatch: awsJson 1.0 that is awsQueryCompatible, so the SDK takes the error's name from a header. */
export const cloudwatchDialect: Dialect = {
  denied: { status: 403, code: "AccessDenied" },
  expired: { status: 403, code: "ExpiredToken" },
  throttled: { status: 400, code: "Throttling" },
  broken: "InternalFailure",
  refuse: ({ status, code, message }) =>
    awsJson(
      "1.0",
      { __type: `com.amazonaws.cloudwatch#${code}Exception`, message },
      { status, headers: { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` } },
    ),
};

/** CloudWatch Logs and Service Quotas: awsJson 1.1. */
export const json11Dialect = (throttled: string): Dialect => ({
  denied: { status: 400, code: "AccessDeniedException" },
  expired: { status: 400, code: "ExpiredTokenException" },
  throttled: { status: 400, code: throttled },
  broken: "ServiceUnavailableException",
  refuse: ({ status, code, message }) => awsJson("1.1", { __type: code, message }, { status }),
});

/** Lambda: REST with JSON bodies; the error's name is in a header. */
export const lambdaDialect: Dialect = {
  denied: { status: 403, code: "AccessDeniedException" },
  expired: { status: 403, code: "ExpiredTokenException" },
  throttled: { status: 429, code: "TooManyRequestsException" },
  broken: "ServiceException",
  refuse: ({ status, code, message }) => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-ErrorType": code, "x-amzn-RequestId": randomUUID() },
    body: JSON.stringify({ Type: status < 500 ? "User" : "Server", message }),
  }),
};

/** CloudFormation: the Query protocol, answers in XML. */
export const queryDialect: Dialect = {
  denied: { status: 403, code: "AccessDenied" },
  expired: { status: 403, code: "ExpiredToken" },
  throttled: { status: 400, code: "Throttling" },
  broken: "InternalFailure",
  refuse: ({ status, code, message }) => {
    const fault = status < 500 ? "Sender" : "Receiver";
    const error = element(
      "Error",
      element("Type", fault) + element("Code", code) + element("Message", escaped(message)),
    );
    return xmlAnswer(status, `<ErrorResponse>${error}${element("RequestId", randomUUID())}</ErrorResponse>`);
  },
};

export const xmlAnswer = (status: number, body: string): Answer => ({
  status,
  headers: { "content-type": "text/xml" },
  body,
});

/** An XML element around content that is XML already. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
