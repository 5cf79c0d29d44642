export const id = 457;
export const ids = [457];
export const modules = {

/***/ 2457:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  RequestSigning: () => (/* binding */ RequestSigning)
});

;// CONCATENATED MODULE: ./lib/src/load/signing.js
/** Headers that a signature brings itself: nobody else may set them. */
const SIGNATURE_HEADERS = [
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
];
/**
 * Service and region that a host name tells: a Lambda function URL, or an API Gateway stage with its VPC endpoints;
 * `null` for any other name, such as a custom domain. The names are those of the AWS documentation ("Invoking Lambda
 * function URLs", "Invoke REST APIs in API Gateway").
 */
const scopeOfHost = (host) => {
    const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
    const lambda = /^[a-z0-9-]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/.exec(name)?.[1];
    if (lambda !== undefined)
        return { service: "lambda", region: lambda };
    const api = /\.execute-api\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/.exec(name)?.[1];
    return api === undefined ? null : { service: "execute-api", region: api };
};
/**
 * The query as its signature has to mean it: a plus sign is a blank to AWS when it reads a query and a plus sign when a
 * signature is computed literally, so that it is sent as `%20`, which both read alike (the AWS SDK for Go does the same).
 */
const signablePath = (path) => {
    const at = path.indexOf("?");
    return at < 0 ? path : path.slice(0, at) + path.slice(at).replaceAll("+", "%20");
};
/** Runs of at least so many characters are taken for a piece of a secret; shorter ones are words. */
const SHORTEST_PIECE = 12;
/**
 * Clears a target's answer of what it was sent: AWS repeats the canonical request, security token included, when a
 * signature does not match, and an example may hold a piece of it only. Signatures and hashes are 64 hexadecimal digits.
 */
const withoutKeys = (text, keys) => {
    const secrets = [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken ?? ""].filter((one) => one !== "");
    return text
        .replace(/(Signature=)[0-9a-f]+/gi, "$1***")
        .replace(/[0-9a-f]{64}/gi, "***")
        .replace(/[A-Za-z0-9+/=_-]+/g, (run) => {
        const held = secrets.reduce((left, secret) => left.replaceAll(secret, "***"), run);
        const isPiece = run.length >= SHORTEST_PIECE && secrets.some((secret) => secret.includes(run));
        return isPiece ? "***" : held;
    });
};

// EXTERNAL MODULE: ./lib/src/load/engine/encode-request.js
var encode_request = __webpack_require__(9744);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ../main/node_modules/@smithy/signature-v4/dist-cjs/index.js
var dist_cjs = __webpack_require__(4366);
;// CONCATENATED MODULE: ./lib/src/load/engine/signing/sign-request.js



/**
 * AWS Signature Version 4 by AWS's own package, the key of the day kept by it. Signed are the host, the content type and
 * every `x-amz-` header: what a proxy on the way may change is left out. Nothing is waited for, so that a signature is
 * there before the loop turns.
 */
const signer = (scope, keys) => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const signature = new dist_cjs/* SignatureV4 */.BB({
        ...scope,
        sha256: Sha256,
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) },
    });
    return async ({ method, path, host, headers, body }, now) => {
        const parts = readPath(path);
        if (parts === null)
            return { kind: "unsignable", reason: "its path or query is not UTF-8" };
        const own = headers.map(([name, value]) => [name.toLowerCase(), value]).filter(([name]) => isSigned(name));
        const signed = await signature.sign({
            method,
            protocol: "https:",
            hostname: host,
            ...parts,
            headers: { ...Object.fromEntries(own), host },
            ...(body === null ? {} : { body }),
        }, { signingDate: new Date(now) });
        return {
            kind: "signed",
            headers: Object.entries(signed.headers).filter(([name]) => SIGNATURE_HEADERS.includes(name)),
        };
    };
};
const isSigned = (name) => (name === "content-type" || name.startsWith("x-amz-")) && !SIGNATURE_HEADERS.includes(name);
/** The path as it is sent, the query decoded: the package encodes both. `null` when that would not give the same back. */
const readPath = (text) => {
    const [path = "", ...rest] = text.split("?");
    if (/[^\x21-\x7e]/.test(text))
        return null;
    const query = new Map();
    for (const part of rest.join("?").split("&")) {
        if (part === "")
            continue;
        const [name = "", ...value] = part.split("=");
        const key = decoded(name);
        const held = decoded(value.join("="));
        if (key === null || held === null)
            return null;
        query.set(key, [...(query.get(key) ?? []), held]);
    }
    return { path, query: Object.fromEntries(query) };
};
/** A per cent sign that begins no code stands for itself. */
const decoded = (text) => {
    try {
        return decodeURIComponent(text.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
    }
    catch {
        return null;
    }
};
/** Node's own hash in the shape that the package asks for; state demands a class. */
class Sha256 {
    #hash;
    #secret;
    constructor(secret) {
        this.#secret = secret;
        this.#hash = begin(secret);
    }
    update(chunk) {
        this.#hash.update(chunk);
    }
    digest() {
        return Promise.resolve(this.#hash.digest());
    }
    reset() {
        this.#hash = begin(this.#secret);
    }
}
const begin = (secret) => secret === undefined ? (0,external_node_crypto_.createHash)("sha256") : (0,external_node_crypto_.createHmac)("sha256", keyOf(secret));
const keyOf = (secret) => {
    if (typeof secret === "string")
        return secret;
    if (secret instanceof ArrayBuffer)
        return new Uint8Array(secret);
    return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
};

;// CONCATENATED MODULE: ./lib/src/load/engine/signing/request-signing.js



/**
 * Signs the requests of one worker, one after the other: what one signature costs is known, and what others cost a
 * request that waits behind them is lateness like any other. A request that is the same every time is signed once a
 * second, because the time in a signature has whole seconds. All of it happens within one turn of the event loop.
 */
class RequestSigning {
    #host;
    #scope;
    /** All that have signed: an answer may repeat those of a request that was sent before. */
    #keys;
    #sign;
    #tail = Promise.resolve();
    /** Of the present second. */
    #second = 0;
    #known = new Map();
    /** `host` is the origin's, sent where a request has none of its own. */
    constructor(host, scope, keys) {
        this.#host = host;
        this.#scope = scope;
        this.#keys = [keys];
        this.#sign = signer(scope, keys);
    }
    /** From now on new keys sign. */
    renew(keys) {
        this.#keys.push(keys);
        this.#sign = signer(this.#scope, keys);
        this.#known = new Map();
    }
    /** `isFixed`: the same object comes again. Calls `done` once, at once when the second's signature is there already. */
    request(prepared, isFixed, done) {
        const known = this.#ofThisSecond().get(prepared);
        if (known !== undefined) {
            done(known, 0);
            return;
        }
        this.#tail = this.#tail.then(async () => {
            const begun = performance.now();
            const signed = this.#known.get(prepared) ?? (await this.#signed(prepared));
            if (isFixed)
                this.#known.set(prepared, signed);
            done(signed, performance.now() - begun);
        });
    }
    /** The text without anything that signs. */
    clear(text) {
        return this.#keys.reduce(withoutKeys, text);
    }
    #ofThisSecond() {
        const second = Math.floor(Date.now() / 1000);
        if (second !== this.#second)
            this.#known = new Map();
        this.#second = second;
        return this.#known;
    }
    async #signed(prepared) {
        if (prepared.problem !== null)
            return prepared;
        const { method, body, keep } = prepared;
        const path = signablePath(prepared.path);
        const headers = pairs(prepared.headers);
        const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? this.#host;
        const signed = await this.#sign({ method, path, host, headers, body }, Date.now());
        if (signed.kind === "unsignable")
            return { ...prepared, problem: `it cannot be signed: ${signed.reason}` };
        // `connection: close` is among the headers when the request closes, so that it is kept.
        return (0,encode_request/* encodeRequest */.k)({ method, path, host: this.#host, headers: [...headers, ...signed.headers], body, keep });
    }
}
const pairs = (flat) => flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""]] : []));


/***/ })

};
