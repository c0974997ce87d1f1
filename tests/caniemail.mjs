// Tells which features of the HTML files that are given mail programs do not know: {file: {feature: [program, ...]}}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const place = dirname(createRequire(join(folder, "x.js")).resolve("caniemail/package.json"));
const { caniemail } = await import(pathToFileURL(join(place, "dist", "index.js")));
const told = {};
for (const file of files) {
  const clients = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"];
  const { issues } = caniemail({ clients, html: readFileSync(file, "utf8") });
  told[file] = {};
  for (const [client, found] of issues.errors)
    for (const { title } of found) (told[file][title] ??= new Set()).add(client);
}
console.log(JSON.stringify(told, (_, value) => (value instanceof Set ? [...value].sort() : value)));
