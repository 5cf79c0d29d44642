import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/errors.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { filesOf, source } from "./scenario-source.ts";

/** One line a problem: `line:column code says`. */
const problemsOf = (text: string): string[] => {
  const read = readScenario(source(text, { users: 2 }));
  if (read.ok) return [];
  return read.problems.map(({ code, severity, message, hint }) => {
    expect(severity).toBe("usage");
    expect(hint).toMatch(/[.?]$|such as|: \d+s$/);
    const [, line, column, says] = /^load\/orders\.yml, line (\d+), column (\d+): (.*)$/s.exec(message) ?? [];
    return line === undefined ? `${code} ${message}` : `${line}:${column} ${code} ${says}`;
  });
};

type Row = readonly [what: string, body: string, place: string, code: ErrorCode, says: string | RegExp];

/** Below `scenario:`; line 2 begins at column 3. */
const expectOne = ([, body, place, code, says]: Row): void => {
  const found = problemsOf(`scenario:\n${body.replace(/^(?=.)/gm, "  ")}`);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${place} ${code} `));
  if (typeof says === "string") expect(found[0]).toContain(says);
  else expect(found[0]).toMatch(says);
};

const task = (rest: string): string => `tasks:\n  - get: /a\n    ${rest}`;
const ACCOUNTS = "data:\n  - { file: accounts.csv, as: account }\n";

describe("keys", () => {
  const rows: readonly Row[] = [
    [
      "a misspelt section",
      "tasks: [{ get: / }]\nsteup: []",
      "3:3",
      "unknown-input",
      "steup is not a key of the scenario",
    ],
    ["a misspelt key of a task", task("wieght: 3"), "4:7", "unknown-input", "wieght is not a key of a task"],
    ["a misspelt method", "tasks:\n  - gte: /a", "3:7", "unknown-input", "gte is not a key of a task"],
    ["a method in capitals", "tasks:\n  - GET: /a", "3:7", "unknown-input", "GET is not"],
    ["a method as a value", "tasks:\n  - method: POST", "3:7", "unknown-input", "method is not"],
    ["two methods", task("post: /b"), "4:7", "conflicting-values", "post stands beside get"],
    ["no method", "tasks:\n  - name: a", "3:7", "missing-value", "no method"],
    ["a task that is a text", "tasks:\n  - /a", "3:7", "bad-value", "a task is one value"],
    ["tasks as a map", "tasks:\n  get: /a", "3:5", "bad-value", "tasks is a map"],
    ["no tasks", "headers: { a: b }", "2:3", "missing-value", "no tasks"],
    ["an empty list of tasks", "tasks: []", "2:10", "missing-value", "tasks is empty"],
    ["a wait as a task", "tasks:\n  - wait: constant(1)", "3:7", "unknown-input", "wait is not a key of a task"],
    [
      "a step's key beside steps",
      "tasks:\n  - steps: [{ get: / }]\n    timeout: 5s",
      "4:7",
      "unknown-input",
      "timeout",
    ],
    ["a task's key in a step", "tasks:\n  - steps: [{ get: /, weight: 2 }]", "3:25", "unknown-input", "weight"],
    ["steps that only wait", "tasks:\n  - steps: [{ wait: constant(1) }]", "3:14", "missing-value", "send nothing"],
    ["a wait beside a method", "tasks:\n  - steps: [{ wait: constant(1), get: / }]", "3:36", "unknown-input", "get"],
    ["a misspelt check", task("expect: { stauts: 200 }"), "4:17", "unknown-input", "stauts is not a key of expect"],
    ["a misspelt key of a capture", task("capture: { a: { jsn: /a } }"), "4:23", "unknown-input", "jsn"],
  ];
  it.each(rows)("%s", (...row) => expectOne(row));

  it("suggests what was probably meant", () => {
    const hints = (body: string): string[] => {
      const read = readScenario(source(`scenario:\n  ${body}`));
      return read.ok ? [] : read.problems.map(({ hint }) => hint);
    };
    expect(hints("tasks: [{ get: /, wieght: 3 }]")).toEqual(["Did you mean weight?"]);
    expect(hints("tasks: [{ gte: / }]")).toEqual(["Did you mean get?"]);
    expect(hints("tasks: [{ get: /, checks: {} }]")).toEqual(["Did you mean expect?"]);
    expect(hints("tasks: [{ steps: [{ get: / }, { sleep: 1 }] }]")[0]).toBe("Did you mean wait?");
    expect(hints("variables: { tier: a }\n  tasks: [{ get: '/{{ teir }}' }]")).toEqual(["Did you mean tier?"]);
  });
});

describe("values of a request", () => {
  const rows: readonly Row[] = [
    ["a path without a slash", "tasks:\n  - get: hello", "3:12", "bad-value", "neither a path nor a whole URL"],
    ["a URL without a scheme", "tasks:\n  - get: //a.example/x", "3:12", "bad-value", "neither"],
    ["another scheme", "tasks:\n  - get: ftp://a.example/", "3:12", "bad-value", "not an http or https URL"],
    [
      "credentials in a URL",
      "tasks:\n  - get: https://u:pw@a.example/",
      "3:12",
      "bad-value",
      '"https://...@a.example/"',
    ],
    ["a metadata address", "tasks:\n  - get: http://169.254.169.254/", "3:12", "host-not-allowed", "link-local"],
    ["a metadata address in disguise", "tasks:\n  - get: http://0xa9fea9fe/", "3:12", "host-not-allowed", "link-local"],
    [
      "a host from an answer",
      "tasks:\n  - get: https://{{ random.uuid }}/",
      "3:12",
      "bad-value",
      "not known before the run",
    ],
    [
      "a host that ends in a template",
      "tasks:\n  - get: https://a.{{ random.uuid }}",
      "3:12",
      "bad-value",
      "not known",
    ],
    ["a fragment", "tasks:\n  - get: /a#b", "3:12", "bad-value", "has a fragment"],
    ["a line break in a path", 'tasks:\n  - get: "/a\\r\\nx: y"', "3:12", "bad-value", "line break"],
    ["no path", "tasks:\n  - get:", "3:11", "missing-value", "get has no value"],
    ["no weight", task("weight: 0"), "4:15", "bad-value", 'weight "0"'],
    ["a weight that is not a number", task("weight: heavy"), "4:15", "bad-value", 'weight "heavy"'],
    ["a timeout without a unit", task("timeout: 5"), "4:16", "bad-value", "without a unit"],
    ["a wish to follow", task("follow: yes"), "4:15", "bad-value", "neither true nor false"],
    ["a template in a name", task("name: a {{ b }}"), "4:13", "bad-value", "a name has none"],
    ["a header that frames", task("headers: { content-length: 5 }"), "4:18", "bad-value", "cannot be set"],
    ["a header that is no name", task("headers: { x y: 5 }"), "4:18", "bad-value", "not a header name"],
    ["a header twice in other letters", task("headers: { a: 1, A: 2 }"), "4:24", "conflicting-values", "twice"],
    ["a line break in a header", task('headers: { a: "x\\ny: z" }'), "4:21", "bad-value", "line break"],
    ["a header beyond Latin-1", task("headers: { a: → }"), "4:18", "bad-value", "no header may hold"],
    ["headers as a list", task("headers: [a]"), "4:16", "bad-value", "not a map"],
    ["a query as a text", task("query: a=b"), "4:14", "bad-value", "query is not a map"],
    ["a map in a form", task("form: { a: { b: c } }"), "4:18", "bad-value", "a value of form is a map"],
    ["two bodies", task("json: {}\n    form: {}"), "5:7", "conflicting-values", "form stands beside json"],
    [
      "a number too long for JSON",
      task("json: [12345678901234567890]"),
      "4:14",
      "bad-value",
      "not a number that JSON keeps",
    ],
    ["infinity in JSON", task("json: { a: .inf }"), "4:18", "bad-value", "not a number that JSON keeps"],
    ["a template as a name", task('json: { "{{ a }}": 1 }'), "4:15", "bad-value", "holds a template"],
    ["a body file that is not there", task("file: no.bin"), "4:13", "unreadable-file", '"load/no.bin" does not exist'],
    ["a body file of the machine", task("file: /etc/passwd"), "4:13", "bad-value", "outside the working directory"],
    ["a body file above the repository", task("file: ../../secrets"), "4:13", "bad-value", "outside"],
    [
      "a wait that paces tasks",
      "tasks:\n  - steps: [{ get: / }, { wait: constant_pacing(1) }]",
      "3:35",
      "bad-value",
      "paces",
    ],
    ["a bare number as a wait", "tasks:\n  - steps: [{ get: / }, { wait: 5 }]", "3:35", "bad-value", "not a wait"],
  ];
  it.each(rows)("%s", (...row) => expectOne(row));
});

describe("checks and captures", () => {
  const rows: readonly Row[] = [
    ["a status that is none", task("expect: { status: abc }"), "4:25", "bad-value", "not a list of status codes"],
    ["no status", task("expect: { status: [] }"), "4:25", "bad-value", "empty list"],
    ["a range the wrong way", task("expect: { status: 299-200 }"), "4:25", "bad-value", "not a list of status codes"],
    [
      "a pointer without a slash",
      task("expect: { json: { id: 1 } }"),
      "4:25",
      "bad-value",
      '"id" is not a JSON pointer',
    ],
    ["a pointer with a lone tilde", task("expect: { json: [/a~b] }"), "4:24", "bad-value", "not a JSON pointer"],
    ["a misspelt test", task("expect: { json: { /a: { eqals: 1 } } }"), "4:31", "unknown-input", "eqals"],
    ["a maybe", task("expect: { json: { /a: { exists: maybe } } }"), "4:39", "bad-value", "neither true nor false"],
    [
      "a template in a list",
      task('expect: { json: { /a: ["{{ random.uuid }}"] } }'),
      "4:30",
      "bad-value",
      "inside a list or map",
    ],
    ["a regex that is none", task("expect: { header: { a: /(/ } }"), "4:30", "bad-value", "not a regular expression"],
    ["an empty text in the body", task('expect: { body: "" }'), "4:23", "bad-value", "which every answer contains"],
    ["a time without a unit", task("expect: { time: < 800 }"), "4:23", "bad-value", "without a unit"],
    ["a least time", task('expect: { time: "> 1s" }'), "4:23", "bad-value", "not a duration"],
    [
      "a check of a body that HEAD lacks",
      "tasks:\n  - head: /\n    expect: { body: x }",
      "4:17",
      "bad-value",
      "HEAD has no body",
    ],
    ["a capture of nothing", task("capture: { a: {} }"), "4:21", "missing-value", "nothing to take"],
    [
      "a capture of two things",
      task("capture: { a: { json: /a, header: b } }"),
      "4:33",
      "conflicting-values",
      "two things",
    ],
    ["a capture without a kind", task("capture: { a: /a }"), "4:21", "bad-value", "a map is needed"],
    ["a name with a dot", task("capture: { a.b: { json: /a } }"), "4:18", "bad-value", '"a.b" is not a name'],
    ["a name that is taken", task("capture: { random: { json: /a } }"), "4:18", "bad-value", "random is a name"],
    [
      "two open repetitions without regard to case",
      task("expect: { header: { a: /x.*y.*z/i } }"),
      "4:30",
      "bad-value",
      "flag i",
    ],
    ["a regex that can take for ever", task('capture: { a: { regex: "(a+)+$" } }'), "4:30", "bad-value", "for ever"],
    [
      "an unbounded regex",
      task(`capture: { a: { regex: ${"a".repeat(501)} } }`),
      "4:30",
      "bad-value",
      "longer than 500",
    ],
  ];
  it.each(rows)("%s", (...row) => expectOne(row));
});

describe("names", () => {
  const rows: readonly Row[] = [
    ["an unknown name", "tasks:\n  - get: /{{ a }}", "3:12", "bad-value", '"{{ a }}" is undefined'],
    [
      "an unknown name deep in a body",
      task('json:\n      a: [{ b: "{{ x }}" }]'),
      "5:18",
      "bad-value",
      '"{{ x }}" is undefined',
    ],
    ["part of a variable", "variables: { a: 1 }\ntasks: [{ get: '/{{ a.b }}' }]", "3:18", "bad-value", "without parts"],
    [
      "a variable with a template",
      "variables: { a: '{{ random.uuid }}' }\ntasks: [{ get: / }]",
      "2:19",
      "bad-value",
      "template",
    ],
    ["a variable without a value", "variables: { a: }\ntasks: [{ get: / }]", "2:19", "missing-value", "no value"],
    ["an unset variable of the environment", `tasks:\n  - get: /\${NOPE}`, "3:12", "unset-variable", "NOPE"],
    ["an open brace", "tasks:\n  - get: '/{{ a'", "3:12", "bad-value", 'a "{{"'],
    ["an open variable", "tasks:\n  - get: /${A", "3:12", "bad-value", 'a "${"'],
    ["an expression", "tasks:\n  - get: /{{ 1 + 1 }}", "3:12", "bad-value", "is not a template"],
    ["an unknown random", "tasks:\n  - get: /{{ random.word }}", "3:12", "bad-value", "is not a random value"],
    ["an empty range", "tasks:\n  - get: '/{{ random.int(5, 1) }}'", "3:12", "bad-value", "draws from no numbers"],
    ["a whole row", `${ACCOUNTS}tasks:\n  - get: /{{ account }}`, "5:12", "bad-value", "a whole row"],
    ["an unknown column", `${ACCOUNTS}tasks:\n  - get: /{{ account.mail }}`, "5:12", "bad-value", "does not have"],
    [
      "a capture used first",
      "tasks:\n  - steps:\n      - get: /{{ a }}\n      - { get: /, capture: { a: { json: /a } } }",
      "4:16",
      "bad-value",
      "before it is captured",
    ],
    [
      "a capture used by its own step",
      "tasks:\n  - get: /{{ a }}\n    capture: { a: { json: /a } }",
      "3:12",
      "bad-value",
      "before it is captured",
    ],
    [
      "a task's capture in setup",
      "setup: [{ get: '/{{ a }}' }]\ntasks: [{ get: /, capture: { a: { json: /a } } }]",
      "2:18",
      "bad-value",
      "only after this step has run",
    ],
    [
      "a capture of teardown in a task",
      "tasks: [{ get: '/{{ a }}' }]\nteardown: [{ get: /, capture: { a: { json: /a } } }]",
      "2:18",
      "bad-value",
      "only after",
    ],
    [
      "a header of all that login cannot have yet",
      "headers: { authorization: 'Bearer {{ t }}' }\nsetup: [{ post: /login, capture: { t: { json: /t } } }]\ntasks: [{ get: / }]",
      "2:29",
      "bad-value",
      "before it is captured",
    ],
    [
      "a capture named like a variable",
      "variables: { a: 1 }\ntasks: [{ get: /, capture: { a: { json: /a } } }]",
      "3:32",
      "conflicting-values",
      "already the name",
    ],
    [
      "data named like a variable",
      `variables: { account: 1 }\n${ACCOUNTS}tasks: [{ get: / }]`,
      "4:33",
      "conflicting-values",
      "already the name",
    ],
  ];
  it.each(rows)("%s", (...row) => expectOne(row));
});

describe("data", () => {
  const data = (rest: string): string => `data:\n  - ${rest}\ntasks: [{ get: / }]`;
  const rows: readonly Row[] = [
    ["no name", data("{ file: accounts.csv }"), "3:7", "missing-value", "no as"],
    ["no such file", data("{ file: no.csv, as: a }"), "3:15", "unreadable-file", '"load/no.csv" does not exist'],
    [
      "a file of another kind",
      data("{ file: a.xlsx, as: a }"),
      "3:15",
      "unreadable-file",
      "neither a .csv nor a .json",
    ],
    ["no rows", data("{ file: empty.csv, as: a }"), "3:15", "unreadable-file", "has no rows"],
    ["a short row", data("{ file: uneven.csv, as: a }"), "3:15", "unreadable-file", "1 values instead of 2 in line 3"],
    ["something else than objects", data("{ file: broken.json, as: a }"), "3:15", "unreadable-file", "as item 1"],
    ["a misspelt pick", data("{ file: accounts.csv, as: a, pick: unqiue }"), "3:42", "bad-value", '"unqiue"'],
    ["a path out of the repository", data("{ file: ../../a.csv, as: a }"), "3:15", "bad-value", "outside"],
    [
      "two of one name",
      data("{ file: accounts.csv, as: a }\n  - { file: products.json, as: a }"),
      "4:34",
      "conflicting-values",
      "another data source",
    ],
  ];
  it.each(rows)("%s", (...row) => expectOne(row));

  it("has more rows than a worker can hold", () => {
    const text = "scenario:\n  data: [{ file: a.csv, as: a }]\n  tasks: [{ get: / }]";
    const read = readScenario(source(text, { readFile: filesOf({ "load/a.csv": `a\n${"1\n".repeat(500_001)}` }) }));
    expect(read.ok ? [] : read.problems.map((problem) => problem.message)).toEqual([
      'load/orders.yml, line 2, column 18: "a.csv" has more than 500,000 rows.',
    ]);
  });

  it("has too few rows for users that need one each", () => {
    const text = "scenario:\n  data: [{ file: accounts.csv, as: a, pick: unique }]\n  tasks: [{ get: / }]";
    const read = (users: number) => readScenario(source(text, { users }));
    expect(read(2).ok).toBe(true);
    const three = read(3);
    expect(three.ok ? [] : three.problems.map((problem) => problem.message)).toEqual([
      "load/orders.yml, line 2, column 10: the data source a has 2 rows for 3 users, and each needs one of its own.",
    ]);
  });
});

describe("the file", () => {
  it.each([
    ["nothing", "", "1:1 missing-value there is no scenario."],
    ["another root", "tasks: []", "1:1 unknown-input tasks is not a key of a scenario file."],
    ["an empty scenario", "scenario: {}", "1:11 missing-value the scenario has no tasks."],
    ["a list", "- scenario", "1:1 bad-value a scenario file is a list, and a map is needed."],
  ])("that holds %s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("with a template that YAML reads as a map says how to write it", () => {
    const read = readScenario(source("scenario:\n  tasks:\n    - post: /\n      json: { a: {{ x }} }"));
    expect(read).toMatchObject({
      ok: false,
      problems: [
        { message: expect.stringContaining("line 4, column 19"), hint: expect.stringContaining('"{{ name }}"') },
      ],
    });
  });

  it("lists everything that is wrong, in the order of the file", () => {
    const text = [
      "scenario:",
      "  tasks:",
      "    - get: /{{ a }}",
      "      weight: -1",
      "      expect: { status: x, tme: 1s }",
      "    - psot: /b",
      "  headers: { te: x }",
      `  variables: { b: '\${NOPE}' }`,
    ].join("\n");
    expect(problemsOf(text).map((line) => line.split(" ", 2).join(" "))).toEqual([
      "3:12 bad-value",
      "4:15 bad-value",
      "5:25 bad-value",
      "5:28 unknown-input",
      "6:7 unknown-input",
      "7:14 bad-value",
      "8:19 unset-variable",
    ]);
  });

  it("never shows the value of a header or of the environment", () => {
    const text = `scenario:\n  tasks: [{ get: "/#\${SECRET}", headers: { a: "hush-hush\\n\${SECRET}", te: hush-hush } }]`;
    const lines = problemsOf(text).join("\n");
    expect(lines).toContain("line break");
    expect(lines).not.toMatch(/hush-hush|s3cret-value/);
  });
});
