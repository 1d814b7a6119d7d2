// Bundles the assets into web/static/dist; names carry a hash of the content, manifest.json tells which is which.
import { build, context } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");

const remember = {
  name: "remember",
  setup(bundle) {
    bundle.onEnd(async ({ metafile, errors }) => {
      if (errors.length) return;
      const written = new Set(["manifest.json"]);
      const manifest = {};
      for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
        written.add(basename(path));
        if (entryPoint) manifest[basename(entryPoint)] = basename(path);
      }
      await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
      for (const name of await readdir(out)) if (!written.has(name)) await rm(join(out, name));
    });
  },
};

const options = {
  entryPoints: ["desk.js", "portal.js", "style.css", "diagram.css"].map((name) => join(here, name)),
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "linked",
  logLevel: "warning",
  loader: { ".woff2": "file", ".woff": "file", ".ttf": "file", ".eot": "file", ".svg": "dataurl" },
  plugins: [remember],
};

await mkdir(out, { recursive: true });
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
