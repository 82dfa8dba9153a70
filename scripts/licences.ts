// Writes docs/third-party-licences.md, and for the application's About page resources/licences.json: every package that the product ships, with its
// licence and its licence's text.
// Run after a change of dependencies: node scripts/node24.mjs scripts/licences.ts
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '..')

const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }

/** Compiled into the page although npm knows them as development packages: what the page imports, and what that needs. */
const BUNDLED = new Set<string>()
for (const name of await importedByPage()) addWithNeeds(name)

async function importedByPage(): Promise<readonly string[]> {
  const page = join(root, 'src', 'renderer', 'src')
  const files = (await readdir(page, { recursive: true })).filter((file) => /\.(?:ts|svelte)$/.test(file))
  const texts = await Promise.all(files.map((file) => readFile(join(page, file), 'utf8')))
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/\bfrom '((?:@[a-z-]+\/)?[a-z][a-z0-9-]*)[^']*'/g)].map(([, name]) => name ?? '')
  )
  return [...new Set(imported)]
}

function addWithNeeds(name: string): void {
  const path = `node_modules/${name}`
  const entry = lock.packages[path]
  if (!entry || BUNDLED.has(path)) return
  BUNDLED.add(path)
  // Of Svelte's needs all but these two belong to its compiler, which is not shipped.
  const needs = name === 'svelte' ? ['clsx', 'esm-env'] : Object.keys(entry.dependencies ?? {})
  needs.forEach(addWithNeeds)
}

/** Texts that a package should bring and does not, by its name: resources/licences/README.md. */
const LEFT_OUT: Readonly<Record<string, (version: string) => string>> = {
  'onnxruntime-node': (version) => join('resources', 'licences', `onnxruntime-${version}`)
}

/** The text of a package's licence and notice files; empty where it is not installed here (another platform's binary) or has none. */
async function licenceText(path: string): Promise<string> {
  const names = await readdir(join(root, path)).catch(() => [])
  const files = names.filter((name) => /^(?:licen[cs]e|notice|third-?party-?notices|copying)(?:[.-]|$)/i.test(name)).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(root, path, name), 'utf8')))
  return texts.map((text) => text.replaceAll('\r', '').trim()).join('\n\n')
}

const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && (dev !== true || BUNDLED.has(path)))
const rows: string[] = []
const listed: { name: string; version: string; licence: string; text: string }[] = []
const texts = new Map<string, string[]>()
for (const [path, { version, license, optional }] of shipped.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const instead = LEFT_OUT[name]?.(version ?? '')
  const text = await licenceText(instead ?? path)
  if (instead !== undefined && text === '')
    throw new Error(`There are no texts in ${instead}. Bring those of this release, as resources/licences/README.md says.`)
  rows.push(
    `| ${name} | ${version ?? ''} | ${license ?? (text === '' ? 'not stated' : 'as its text says')} | ${optional === true ? 'one platform' : ''} |`
  )
  listed.push({ name, version: version ?? '', licence: license ?? (text === '' ? 'not stated' : 'as its text says'), text })
  if (text !== '') texts.set(text, [...(texts.get(text) ?? []), name])
}

const sections = [...texts].map(([text, names]) => `### ${names.join(', ')}\n\n\`\`\`\`text\n${text}\n\`\`\`\`\n`)
const page = `# What others wrote and Attune ships

Made from package-lock.json by \`scripts/licences.ts\`. "One platform" marks binaries of which an installation has one. The licence of onnxruntime-node and the notices of what is compiled into it are those of the same release of ONNX Runtime (resources/licences). Electron and Chromium bring theirs beside the program.

| package | version | licence | |
| --- | --- | --- | --- |
${rows.join('\n')}

## Texts

${sections.join('\n')}`

await writeFile(join(root, 'docs', 'third-party-licences.md'), page)
const order = [...texts.keys()]
const packages = listed.map(({ text, ...one }) => ({ ...one, text: text === '' ? null : order.indexOf(text) }))
await writeFile(join(root, 'resources', 'licences.json'), `${JSON.stringify({ packages, texts: order }, null, 1)}\n`)
process.stdout.write(`${rows.length} packages, ${texts.size} licence texts\n`)
