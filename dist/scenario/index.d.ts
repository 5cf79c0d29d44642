/**
 * What a scenario module imports as `swarmgate/scenario`. It is published as it is and has no imports of its own, so that
 * its declarations are one file.
 */
/** The scenario itself; the function exists so that editors and compilers know what `user` is. */
export declare const defineScenario: <Data extends object = Record<string, unknown>>(scenario: ScenarioDefinition<Data>) => ScenarioDefinition<Data>;
export type ScenarioDefinition<Data extends object = Record<string, unknown>> = {
    /** Once per user before its first task. A user whose setup fails runs no task. */
    readonly setup?: Action<Data>;
    readonly tasks: readonly TaskDefinition<Data>[];
    /** Once per user after its last task. */
    readonly teardown?: Action<Data>;
};
export type TaskDefinition<Data extends object = Record<string, unknown>> = {
    readonly name: string;
    /** How often the task is picked beside the others; 1 when left out. */
    readonly weight?: number;
    readonly run: Action<Data>;
};
export type Action<Data extends object = Record<string, unknown>> = (user: User<Data>) => unknown;
/** One simulated client. */
export type User<Data extends object = Record<string, unknown>> = {
    /** Counts from 0 over all workers. */
    readonly index: number;
    /** The user's own, the same object from setup to teardown; empty at first. */
    readonly data: Data;
    readonly random: {
        /** A whole number, both bounds included; the same seed draws the same numbers. */
        readonly int: (min: number, max: number) => number;
        /** Always new. */
        readonly uuid: () => string;
    };
    /**
     * Sends a request on the user's own connection, one after the other. Resolves to any complete answer, whatever its
     * status; rejects without one, and when what `expect` asks for does not hold.
     */
    readonly request: (options: RequestOptions) => Promise<Answer>;
    /** Does nothing for so many seconds. */
    readonly wait: (seconds: number) => Promise<void>;
    /** A check that does not hold counts the run of the task as failed; the task goes on. Gives `ok` back. */
    readonly check: (name: string, ok: boolean) => boolean;
    /** A line in the run's log; only the first ones are shown. */
    readonly log: (text: string) => void;
};
export type Method = "get" | "post" | "put" | "patch" | "delete" | "head" | "options";
/** Exactly one method with a path that begins with a slash, or with a whole URL whose host is in `allowed-hosts`. */
export type RequestOptions = {
    [One in Method]: {
        readonly [Key in One]: string;
    } & {
        readonly [Key in Exclude<Method, One>]?: never;
    };
}[Method] & {
    /** The row in the report; the method and the path as written when left out. */
    readonly name?: string;
    readonly query?: Readonly<Record<string, FieldValue | readonly FieldValue[] | undefined>>;
    /** Over the headers of the run; names in any case. */
    readonly headers?: Readonly<Record<string, string | number | undefined>>;
    /** At most one of `json`, `form` and `body`. */
    readonly json?: unknown;
    readonly form?: Readonly<Record<string, FieldValue | readonly FieldValue[] | undefined>>;
    readonly body?: string | Uint8Array;
    readonly expect?: ExpectOptions;
    /** Seconds, or a text such as `800ms`. */
    readonly timeout?: number | string;
    /** Follows redirects, as one request over all hops. */
    readonly follow?: boolean;
};
export type FieldValue = string | number | boolean;
/** What an answer must be; as in a YAML scenario. */
export type ExpectOptions = {
    /** `201`, `[200, 201]` or `"200-299"`. */
    readonly status?: number | string | readonly (number | string)[];
    /** JSON pointers and what stands there: a value, `{ equals }` or `{ exists }`; or a list of pointers that must exist. */
    readonly json?: Readonly<Record<string, unknown>> | readonly string[];
    /** Header names and their value, a regular expression, `{ equals }` or `{ exists }`. */
    readonly header?: Readonly<Record<string, string | RegExp | {
        equals: string;
    } | {
        exists: boolean;
    }>>;
    /** Texts that stand in the body. */
    readonly body?: string | readonly string[];
    /** `"< 800ms"` or `"<= 1s"`. */
    readonly time?: string;
};
export type Answer = {
    readonly status: number;
    /** By lower-case name; several of the same name joined with ", ". */
    readonly headers: Readonly<Record<string, string>>;
    /** The body as text. Throws when it was too long to be kept, or could not be decoded. */
    readonly body: string;
    /** The body as JSON. Throws when it is none. */
    readonly json: <T = unknown>() => T;
};
