// usage: node run.mjs GATEWAY_URL GENERATED_DIR TOKEN
// The typed client of the web pages against a running gateway, and its OpenAPI description against the meta-schema.
// Ends with 1 at the first thing that is not as it should be.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Validator } from "@seriousme/openapi-schema-validator";

const [url, generated, token] = process.argv.slice(2);
const { Notes, Colour } = await import(pathToFileURL(path.join(generated, "echo_pb.js")));
const { ErrorDetailSchema } = await import(pathToFileURL(path.join(generated, "kernel/v1/error_pb.js")));

const signedIn = (next) => (request) => {
  request.header.set("Authorization", `Bearer ${token}`);
  return next(request);
};
const client = (options = {}) =>
  createClient(Notes, createConnectTransport({ baseUrl: url, interceptors: [signedIn], ...options }));

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  assert.fail("should have been refused");
}

const everything = {
  text: "枫桥 \u{1f600}", small: -5, big: -9223372036854775808n, huge: 18446744073709551615n, real: 0.1, yes: true,
  raw: new Uint8Array([0, 255]), colour: Colour.GREEN, inner: { name: "a", inner: { size: 2 } }, word: ["x", "y"],
  count: { k: 1 }, choice: { case: "rightSide", value: 3 }, at: { seconds: 1791417600n, nanos: 500000000 }, maybe: 7,
};

for (const useBinaryFormat of [false, true]) {
  const notes = client({ useBinaryFormat });
  const answer = await notes.echo(everything);
  for (const key of ["text", "small", "big", "huge", "real", "yes", "colour", "word", "count", "maybe"]) {
    assert.deepEqual(answer.echo[key], everything[key], `${key} ${useBinaryFormat}`);
  }
  assert.deepEqual(answer.echo.raw, everything.raw);
  assert.deepEqual(answer.echo.choice, everything.choice);
  assert.equal(answer.echo.inner.inner.size, 2);
  assert.equal(answer.echo.at.seconds, 1791417600n);
  assert.equal(answer.metadata.authorization, `Bearer ${token}`);
  assert.equal((await notes.echo({})).echo.text, "", "an empty message");

  const written = await notes.writeNote({ areaCode: "371402", text: "路灯不亮", requestId: "r-1" });
  assert.equal(written.version, 8n);

  const wrong = await failure(notes.writeNote({ areaCode: "371402", text: "x" }));
  assert.equal(wrong.code, Code.InvalidArgument);
  const [detail] = wrong.findDetails(ErrorDetailSchema);
  assert.equal(detail.reason, "INVALID_FIELD");
  assert.equal(detail.fieldError[0].pointer, "/text");

  const refused = await failure(notes.fail({ code: 9, reason: "WRONG_STATUS" }));
  assert.equal(refused.code, Code.FailedPrecondition);
  assert.equal(refused.rawMessage, "不行");
  assert.equal(refused.findDetails(ErrorDetailSchema)[0].metadata.rule, "DI-03");
  for (const [number, code] of [[1, Code.Canceled], [5, Code.NotFound], [6, Code.AlreadyExists], [7, Code.PermissionDenied],
    [8, Code.ResourceExhausted], [10, Code.Aborted], [12, Code.Unimplemented], [13, Code.Internal],
    [14, Code.Unavailable], [15, Code.DataLoss], [16, Code.Unauthenticated]]) {
    assert.equal((await failure(notes.fail({ code: number, reason: "X" }))).code, code, `code ${number}`);
  }
  const late = await failure(notes.fail({ hang: true }, { timeoutMs: 300 }));
  assert.equal(late.code, Code.DeadlineExceeded);

  const reading = client({ useBinaryFormat, useHttpGet: true });
  assert.equal((await reading.getNote({ id: "a 测/b" })).id, "a 测/b");
  assert.equal((await reading.getNote({ id: "long" })).text.length, 5000, "a compressed answer");
}

const stranger = createClient(Notes, createConnectTransport({ baseUrl: url }));
assert.equal((await failure(stranger.listNotes({}))).code, Code.Unauthenticated);

const post = (name, headers, body = "{}") => fetch(`${url}/echo.v1.Notes/${name}`, { method: "POST", headers, body });
assert.equal((await post("Echo", { "content-type": "text/plain" })).status, 415);
assert.equal((await post("Nothing", { "content-type": "application/json" })).status, 404);
assert.equal((await post("Rebuild", { "content-type": "application/json" })).status, 404, "of processes only");
assert.equal((await fetch(`${url}/echo.v1.Notes/Echo`)).status, 405, "it may have side effects");
assert.equal((await fetch(`${url}/echo.v1.Notes/GetNote?connect=v1&encoding=xml&message=`)).status, 415);
const unknown = await post("Echo", { "content-type": "application/json", "content-encoding": "br" });
assert.equal(unknown.status, 501);
assert.equal((await unknown.json()).code, "unimplemented");
const zipped = new Blob([JSON.stringify({ text: "z".repeat(3000) })]).stream().pipeThrough(new CompressionStream("gzip"));
const gzip = await post("Echo", { "content-type": "application/json", "content-encoding": "gzip" },
  new Uint8Array(await new Response(zipped).arrayBuffer()));
assert.equal((await gzip.json()).echo.text.length, 3000);
for (const bad of ["x", "12345678901", "-1", ""]) {
  const answer = await post("Echo", { "content-type": "application/json", "connect-timeout-ms": bad });
  assert.equal(answer.status, 400, `timeout "${bad}"`);
}

const description = await (await fetch(`${url}/openapi.json`)).json();
const verdict = await new Validator().validate(description);
assert.ok(verdict.valid, JSON.stringify(verdict.errors ?? [], null, 1).slice(0, 4000));
assert.ok(JSON.stringify(description).includes("正文"), "comments of the proto are in the description");
console.log("the typed client and the description are as they should be");
