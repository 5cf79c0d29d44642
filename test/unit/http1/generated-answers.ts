import fc from "fast-check";

/** A generated answer: what goes over the wire, and the request it answers. */
export type GeneratedAnswer = { readonly raw: string; readonly method: string };

/** A well-formed answer and what must be read from it. */
export type KnownAnswer = GeneratedAnswer & {
  readonly status: number;
  readonly minor: number;
  readonly contentType: string;
  readonly body: string;
  readonly headBytes: number;
  readonly endsWithConnection: boolean;
};

const latin1Text = (characters: string, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((list) => list.join(""));

const bodyText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ arbitrary: fc.integer({ min: 0, max: 255 }), weight: 3 }, fc.constantFrom(10, 13, 48)), {
    maxLength: 60,
  })
  .map((bytes) => String.fromCharCode(...bytes));

const mixedCase = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) => [...name].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join(""));

const header: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("date", "x-request-id", "set-cookie", "server", "connectio", "content-encoding"),
    latin1Text("abc =;,/\t\x80\xff", 20),
  )
  .map(([name, value]) => `${name}: ${value}\r\n`);

const chunk = (data: string, extension: string): string => `${data.length.toString(16)}${extension}\r\n${data}\r\n`;

const extension = fc.constantFrom("", "", ";a", ";a=b", ';a="q\\"; \t\x80"', ";a;b=c");

const inChunks = (body: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: body.length }), { maxLength: 4 }),
      fc.array(extension, { minLength: 7, maxLength: 7 }),
      fc.constantFrom(
        "0\r\n\r\n",
        "000\r\n\r\n",
        "0;last\r\n\r\n",
        "0\r\nx-sum: 1\r\n\r\n",
        "0\r\na:\r\nb: \t c \r\n\r\n",
      ),
    )
    .map(([cuts, extensions, last]) => {
      const offsets = [...new Set([0, ...cuts, body.length])].toSorted((a, b) => a - b);
      const parts = offsets.slice(1).map((to, i) => chunk(body.slice(offsets[i], to), extensions[i] ?? ""));
      return `${parts.join("")}${last}`;
    });

type Framed = { readonly header: string; readonly wire: string; readonly endsWithConnection: boolean };

const framed = (body: string): fc.Arbitrary<Framed> =>
  fc.oneof(
    mixedCase("content-length").map((name) => ({
      header: `${name}: ${body.length}\r\n`,
      wire: body,
      endsWithConnection: false,
    })),
    fc.tuple(mixedCase("transfer-encoding"), mixedCase("chunked"), inChunks(body)).map(([name, value, wire]) => ({
      header: `${name}: ${value}\r\n`,
      wire,
      endsWithConnection: false,
    })),
    fc.constant({ header: "", wire: body, endsWithConnection: true }),
  );

const interim = fc.constantFrom(
  "",
  "",
  "",
  "\r\n",
  "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
  "HTTP/1.1 102 P\r\n\r\n",
);

/** Answers that follow RFC 9112, with the content that was put in. */
export const knownAnswer: fc.Arbitrary<KnownAnswer> = fc
  .record({
    body: bodyText,
    minor: fc.constantFrom(0, 1),
    status: fc.oneof(fc.constantFrom(200, 201, 404, 500, 503), fc.integer({ min: 200, max: 999 })),
    reason: latin1Text("OK \t\x00\xff", 8),
    before: fc.array(header, { maxLength: 3 }),
    after: fc.array(header, { maxLength: 3 }),
    contentType: fc.constantFrom("text/plain", "application/json; charset=utf-8"),
    first: interim,
  })
  .filter((parts) => parts.status !== 204 && parts.status !== 304)
  .chain((parts) => framed(parts.body).map((frame) => assemble(parts, frame)));

type Parts = {
  readonly body: string;
  readonly minor: number;
  readonly status: number;
  readonly reason: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly contentType: string;
  readonly first: string;
};

const assemble = (parts: Parts, frame: Framed): KnownAnswer => {
  const { body, minor, status, contentType } = parts;
  const type = `Content-Type:  ${contentType} \r\n`;
  const line = `HTTP/1.${minor} ${status} ${parts.reason}\r\n`;
  const head = `${parts.first}${line}${parts.before.join("")}${type}${frame.header}${parts.after.join("")}\r\n`;
  const { endsWithConnection } = frame;
  return {
    raw: `${head}${frame.wire}`,
    method: "GET",
    status,
    minor,
    contentType,
    body,
    headBytes: head.length,
    endsWithConnection,
  };
};

/** What a mutation puts in: bytes and phrases at which parsers part. */
const FRAGMENTS: readonly string[] = [
  ...'\r\n\t :;,="\\0159afAFgxHC\x00\x01\x7f\x80\xff',
  "\r\n",
  "\r\n\r\n",
  "\n\n",
  "\r\n ",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.0 ",
  "HTTP/2.0 ",
  "100",
  "101",
  "204",
  "304",
  "content-length: 3\r\n",
  "Content-Length: 10\r\n",
  "transfer-encoding: chunked\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "connection: close\r\n",
  "connection: keep-alive\r\n",
  "chunked",
  "0\r\n\r\n",
  ";a=b",
];

type Mutation = { readonly at: number; readonly remove: number; readonly insert: string };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(400),
  remove: fc.oneof({ arbitrary: fc.constantFrom(0, 1), weight: 4 }, fc.nat(12)),
  insert: fc.oneof({ arbitrary: fc.constantFrom(...FRAGMENTS), weight: 3 }, fc.constant("")),
});

const mutated = (raw: string, mutations: readonly Mutation[]): string =>
  mutations.reduce((text, { at, remove, insert }) => {
    const offset = text.length === 0 ? 0 : at % text.length;
    return `${text.slice(0, offset)}${insert}${text.slice(offset + remove)}`;
  }, raw);

/** Well-formed answers with some bytes removed, replaced, inserted, or cut off at the end. */
export const mutatedAnswer: fc.Arbitrary<GeneratedAnswer> = fc
  .record({
    answer: knownAnswer,
    mutations: fc.array(mutation, { maxLength: 3 }),
    cut: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, fc.nat(100)),
    method: fc.constantFrom("GET", "GET", "GET", "HEAD"),
  })
  .map(({ answer, mutations, cut, method }) => {
    const raw = mutated(answer.raw, mutations);
    return { raw: raw.slice(0, Math.max(0, raw.length - cut)), method };
  });
