// Writes docs/run-yaml.md and docs/run.schema.json from the option declarations. A test compares both with what this would write.
import { writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import { runJsonSchema } from '../src/main/config/json-schema.ts'
import { runYamlPage } from '../src/main/config/run-yaml-page.ts'

const width = { printWidth: 130 }

/** The generated files by path from the repository's root, formatted as the repository is. */
export async function generatedDocs(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/run-yaml.md': await format(runYamlPage(), { parser: 'markdown', ...width }),
    'docs/run.schema.json': await format(JSON.stringify(runJsonSchema()), { parser: 'json', ...width })
  }
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(await generatedDocs())) {
    await writeFile(new URL(`../${path}`, import.meta.url), content)
    process.stdout.write(`${path}\n`)
  }
}
