import { describe, expect, test } from "vitest";
import { type ConnectionPhase, classifyError, classifyStatus } from "../../../src/load/classify.ts";
import type { OutcomeClass } from "../../../src/load/outcome.ts";

describe("a complete answer", () => {
  test.each([
    [200, "ok", "the plain success"],
    [204, "ok", "a success without a body"],
    [299, "ok", "the last of the successes"],
    [304, "ok", "what a caching client wants"],
    [301, "redirected", "a redirect is not followed"],
    [302, "redirected", "often a login page"],
    [400, "client-error", "the first client error"],
    [401, "client-error", "refused by the deployment's protection"],
    [429, "throttled", "a function URL without free concurrency"],
    [499, "client-error", "the last client error"],
    [500, "server-error", "an unhandled exception in the function"],
    [503, "server-error", "a load balancer without targets"],
    [599, "server-error", "beyond the registered codes"],
    [101, "reset", "a switch of protocols that nobody asked for"],
  ])("%i is %s: %s", (status, outcome) => {
    expect(classifyStatus(status)).toBe(outcome);
  });
});

describe("no complete answer", () => {
  test.each<readonly [string, ConnectionPhase, OutcomeClass, string]>([
    ["ECONNREFUSED", "connect", "connect-error", "nobody listens"],
    ["EHOSTUNREACH", "connect", "connect-error", "no route to the host"],
    ["ETIMEDOUT", "connect", "connect-error", "the system gave up connecting"],
    ["ECONNRESET", "connect", "reset", "reset while connecting"],
    ["ETIMEDOUT", "exchange", "reset", "the connection silently went away"],
    ["ECONNRESET", "exchange", "reset", "reset in the middle"],
    ["EPIPE", "exchange", "reset", "written to a closed connection"],
    ["UND_ERR_SOCKET", "exchange", "reset", "closed before the answer"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "exchange", "reset", "a truncated answer"],
    ["HPE_INVALID_CONSTANT", "exchange", "reset", "not HTTP"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls", "tls-error", "a self-signed certificate"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls", "tls-error", "a private authority"],
    ["CERT_HAS_EXPIRED", "tls", "tls-error", "an expired certificate"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls", "tls-error", "a missing intermediate"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", "tls-error", "another name's certificate"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", "tls-error", "plain HTTP on the other side"],
    ["SOMETHING_NEW", "tls", "tls-error", "unknown, while shaking hands"],
    ["SOMETHING_NEW", "connect", "connect-error", "unknown, while connecting"],
    ["SOMETHING_NEW", "exchange", "reset", "unknown, on a connection that stood"],
    ["ENOTFOUND", "connect", "dns-error", "no such name"],
    ["EAI_AGAIN", "connect", "dns-error", "the resolver does not answer"],
    ["EMFILE", "connect", "local-error", "too many open files here"],
    ["EADDRNOTAVAIL", "connect", "local-error", "no free port here"],
    ["UND_ERR_INVALID_ARG", "exchange", "local-error", "a request that cannot be written"],
  ])("%s while in %s is %s: %s", (code, phase, outcome) => {
    expect(classifyError(code, phase)).toBe(outcome);
  });
});
