export const id = 423;
export const ids = [423];
export const modules = {

/***/ 47423:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   signer: () => (/* binding */ signer)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var _smithy_signature_v4__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(54366);
/* harmony import */ var _signing_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(66810);



/**
 * AWS Signature Version 4 by AWS's own package, the key of the day kept by it. Signed are the host, the content type and
 * every `x-amz-` header: what a proxy on the way may change is left out. Nothing is waited for, so that a signature is
 * there before the loop turns.
 */
const signer = (scope, keys) => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const signature = new _smithy_signature_v4__WEBPACK_IMPORTED_MODULE_1__.SignatureV4({
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
            headers: Object.entries(signed.headers).filter(([name]) => _signing_js__WEBPACK_IMPORTED_MODULE_2__/* .SIGNATURE_HEADERS */ .W2.includes(name)),
        };
    };
};
const isSigned = (name) => (name === "content-type" || name.startsWith("x-amz-")) && !_signing_js__WEBPACK_IMPORTED_MODULE_2__/* .SIGNATURE_HEADERS */ .W2.includes(name);
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
const begin = (secret) => secret === undefined ? (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha256") : (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHmac)("sha256", keyOf(secret));
const keyOf = (secret) => {
    if (typeof secret === "string")
        return secret;
    if (secret instanceof ArrayBuffer)
        return new Uint8Array(secret);
    return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
};


/***/ })

};
