/**
 * Where our parser and undici 8.12 (llhttp) part, each with the reason. Every one has examples, which a test sends
 * through both: a difference that no longer exists must leave this list. Everything else must agree.
 */
export type KnownDifference = {
  readonly name: string;
  readonly why: string;
  /** `accept` and `refuse` say what we do; `other-body` is read by both, with another end of the body. */
  readonly ours: "accept" | "refuse" | "other-body";
  /** What an answer of this kind looks like. */
  readonly looksLike: RegExp;
  readonly examples: readonly { readonly raw: string; readonly method?: string }[];
};

const OK = "HTTP/1.1 200 OK\r\n";
const HI = `${OK}content-length: 2\r\n\r\nhi`;

/** RFC 9110 allows it, a user would miss the answer. */
const WE_ARE_LAXER: readonly KnownDifference[] = [
  {
    name: "100 without having asked for it",
    why: "undici destroys the connection; RFC 9110 15.2 tells clients to skip interim answers they did not expect",
    ours: "accept",
    looksLike: /HTTP\/1\.[01] 100/,
    examples: [{ raw: `HTTP/1.1 100 Continue\r\n\r\n${HI}` }],
  },
  {
    name: "an interim answer that would close",
    why: "llhttp takes its Connection header or its version for the final answer's and stops reading",
    ours: "accept",
    looksLike: /HTTP\/1\.0 1\d\d|HTTP\/1\.1 1\d\d[\s\S]*connection:[\s\S]*close/i,
    examples: [
      { raw: `HTTP/1.1 103 Early Hints\r\nconnection: close\r\n\r\n${HI}` },
      { raw: `HTTP/1.0 103 Early Hints\r\n\r\n${HI}` },
    ],
  },
  {
    name: "the same content-length twice",
    why: "RFC 9110 8.6 lets a client take it for one; the length is not in doubt",
    ours: "accept",
    looksLike: /content-length:[\s\S]*content-length:/i,
    examples: [{ raw: `${OK}content-length: 2\r\ncontent-length: 2\r\n\r\nhi` }],
  },
  {
    name: "blanks behind the content-length",
    why: "llhttp accepts them; undici reads the blanks as digits of its own count and reports a mismatch",
    ours: "accept",
    looksLike: /content-length:[ \t]*\d+[ \t]+\r/i,
    examples: [{ raw: `${OK}content-length: 2 \r\n\r\nhi` }, { raw: `${OK}content-length: 2\t\r\n\r\nhi` }],
  },
  {
    name: "content-length among the trailers",
    why: "RFC 9110 6.5.1: framing fields in trailers are ignored; our trailers are dropped unread",
    ours: "accept",
    looksLike: /chunked[\s\S]*\r\n\r\n[\s\S]*content-length:/i,
    examples: [{ raw: `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\ncontent-length: 2\r\n\r\n` }],
  },
];

const WE_ARE_STRICTER: readonly KnownDifference[] = [
  {
    name: "other versions in a status line",
    why: "an answer to an HTTP/1.1 request cannot be HTTP/2.0 or 0.9: what follows is not what it seems",
    ours: "refuse",
    looksLike: /HTTP\/(?:2\.0|0\.9) /,
    examples: [
      { raw: "HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nhi" },
      { raw: "HTTP/0.9 200 OK\r\ncontent-length: 2\r\n\r\nhi" },
    ],
  },
  {
    name: "status line that ends with CR CR",
    why: "safety: a bare CR is no line end (RFC 9112 2.2); llhttp refuses it too from 9.4 on",
    ours: "refuse",
    looksLike: /HTTP\/1\.[01] \d\d\d[^\r\n]*\r\r/,
    examples: [{ raw: "HTTP/1.1 200 OK\r\rcontent-length: 2\r\n\r\nhi" }],
  },
  {
    name: "more than 2,000 header lines",
    why: "safety: a bound; undici has none beside the 16 KB",
    ours: "refuse",
    looksLike: /(?:[\w-]+:[^\r\n]*\r\n){2001}/,
    examples: [{ raw: `${OK}${"a:b\r\n".repeat(2_000)}content-length: 2\r\n\r\nhi` }],
  },
  {
    name: "a head larger than 64 KB",
    why: "safety: a reason phrase and blanks before values do not count towards undici's 16 KB and are kept by us",
    ours: "refuse",
    looksLike: /^[\s\S]{65000}/,
    examples: [{ raw: `HTTP/1.1 200 ${"O".repeat(66_000)}\r\ncontent-length: 2\r\n\r\nhi` }],
  },
  {
    name: "a chunk size line larger than 16 KB",
    why: "safety: zeros and extensions without end; undici has no bound",
    ours: "refuse",
    looksLike: /chunked[\s\S]*[^\r\n]{16000}/i,
    examples: [
      { raw: `${OK}transfer-encoding: chunked\r\n\r\n2;${"a".repeat(17_000)}\r\nhi\r\n0\r\n\r\n` },
      { raw: `${OK}transfer-encoding: chunked\r\n\r\n${"0".repeat(17_000)}2\r\nhi\r\n0\r\n\r\n` },
    ],
  },
  {
    name: "a length of 2^53 and more without a body",
    why: "it cannot be counted exactly; undici rounds it",
    ours: "refuse",
    looksLike: /content-length:\s*\d{16}/i,
    examples: [{ raw: `${OK}content-length: 9007199254740993\r\n\r\n`, method: "HEAD" }],
  },
];

const ANOTHER_BODY: readonly KnownDifference[] = [
  {
    name: "chunked with a tab or a comma behind it",
    why: "RFC 9110 5.6.1: blanks and empty list members mean nothing; llhttp reads such a body until close",
    ours: "other-body",
    looksLike: /chunked[ \t]*[\t,]/i,
    examples: [
      { raw: `${OK}transfer-encoding: chunked\t\r\n\r\n2\r\nhi\r\n0\r\n\r\n` },
      { raw: `${OK}transfer-encoding: chunked,\r\n\r\n2\r\nhi\r\n0\r\n\r\n` },
    ],
  },
];

/** The same reading of the header, and no chunks behind it. */
const NOT_CHUNKS: readonly KnownDifference[] = [
  {
    name: "chunked with a tab or a comma behind it, and bad chunks",
    why: "RFC 9110 5.6.1, as above: what llhttp reads until close is a broken chunked body to us",
    ours: "refuse",
    looksLike: /chunked[ \t]*[\t,]/i,
    examples: [{ raw: `${OK}transfer-encoding: chunked,\r\n\r\nhi` }],
  },
];

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  ...WE_ARE_LAXER,
  ...WE_ARE_STRICTER,
  ...ANOTHER_BODY,
  ...NOT_CHUNKS,
];
