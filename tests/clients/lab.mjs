// What a script does with @gradio/client: `node lab.mjs ADDRESS` prints what came back, as JSON.

import { Client } from "@gradio/client";

const lab = await Client.connect(process.argv[2]);
const created = await lab.predict("/create_model", { task: "challenge", hidden: [3] });
const model_id = created.data[0].id;

const trained = await lab.predict("/train", { model_id, learning_rate: 1e-3, steps: 20_000 });

const queued = await lab.predict("/submit", { model_id, learning_rate: 1e-4, steps: 2_000_000 });
const watched = [];
for await (const message of lab.submit("/watch", { job_id: queued.data[0].id })) {
  if (message.type === "data") watched.push(message.data[0].step);
}

const answers = await lab.predict("/predict", { model_id, vectors: [[1, 2, 3]] });
const exported = await lab.predict("/export", { model_id, format: "csv" });
const file = await (await fetch(exported.data[0].url)).text();

let refused = null;
try {
  await lab.predict("/create_model", { task: "nope" });
} catch (error) {
  refused = error.message;
}

console.log(
  JSON.stringify({
    status: trained.data[0].status,
    watched,
    rounded: answers.data[0].rounded,
    file: file.slice(0, 12),
    refused,
  }),
);
process.exit(0);
