// Writes docs/third-party-licences.md: every package that the product ships, with its licence and its licence's text.
// Run after a change of dependencies: node scripts/node24.mjs scripts/licences.ts
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
}

const root = join(import.meta.dirname, '..')

/** Compiled into the page or the bundles although npm knows them as development packages. */
const BUNDLED = new Set(['node_modules/svelte'])

const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }

/** The text of a package's licence and notice files; empty where it is not installed here (another platform's binary) or has none. */
async function licenceText(path: string): Promise<string> {
  const names = await readdir(join(root, path)).catch(() => [])
  const files = names.filter((name) => /^(?:licen[cs]e|notice|third-?party-?notices|copying)(?:[.-]|$)/i.test(name)).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(root, path, name), 'utf8')))
  return texts.map((text) => text.replaceAll('\r', '').trim()).join('\n\n')
}

const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && (dev !== true || BUNDLED.has(path)))
const rows: string[] = []
const texts = new Map<string, string[]>()
for (const [path, { version, license, optional }] of shipped.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  rows.push(`| ${name} | ${version ?? ''} | ${license ?? 'not stated'} | ${optional === true ? 'one platform' : ''} |`)
  const text = await licenceText(path)
  if (text !== '') texts.set(text, [...(texts.get(text) ?? []), name])
}

const sections = [...texts].map(([text, names]) => `### ${names.join(', ')}\n\n\`\`\`\`text\n${text}\n\`\`\`\`\n`)
const page = `# What others wrote and Attune ships

Made from package-lock.json by \`scripts/licences.ts\`. "One platform" marks binaries of which an installation has one. onnxruntime-node carries no notices of what is compiled into it: those of ONNX Runtime's own release have to be added before the application is packaged.

| package | version | licence | |
| --- | --- | --- | --- |
${rows.join('\n')}

## Texts

${sections.join('\n')}`

await writeFile(join(root, 'docs', 'third-party-licences.md'), page)
process.stdout.write(`${rows.length} packages, ${texts.size} licence texts\n`)
