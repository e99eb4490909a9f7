// usage: node upload.mjs GATEWAY_URL TOKEN FILE [CHUNK_BYTES]
// Uploads a file with the client that web pages use for it (tus), over whatever line leads to GATEWAY_URL, and goes on after
// every break. Prints {"url": …, "retries": …}. Ends with 1 if the upload was not finished.
import { readFileSync } from "node:fs";
import * as tus from "tus-js-client";

const [url, token, file, chunk] = process.argv.slice(2);
let retries = 0;
const upload = new tus.Upload(readFileSync(file), {
  endpoint: `${url}/v1/uploads`,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: "../../张三 身份证.jpg", filetype: "text/html" },
  chunkSize: chunk ? Number(chunk) : Infinity,
  retryDelays: Array(1500).fill(40),  // a minute without progress
  onShouldRetry: (error) => {
    retries += 1;
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    return status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
  },
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => console.log(JSON.stringify({ url: upload.url, retries })),
});
upload.start();
