// `node headless-person.ts COMMAND …`: starts the application by a command that prints its address as JSON, and goes the way of a person over
// HTTP, from the practice letters to a result. Ends with 0 where there is one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunPlan, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import { TestPage } from './loopback-page.ts'

const [command = 'node', ...words] = process.argv.slice(2)
const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string] // As Node declares it.
const { address } = JSON.parse(line) as { readonly address: string } // The command's one event.

const page = await TestPage.at(address)
const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
const [model] = await page.call<ModelSummary[]>('models:list')
const draft: RunDraft = {
  dataset,
  model: model!.id,
  thoroughness: 0,
  changed: { 'training.max_steps': 8, 'training.bootstrap_resamples': 50 },
  mustNotMiss: null,
  quietly: false,
  name: null
}
const plan = await page.call<RunPlan>('runs:plan', draft)
if (plan.blocked !== null) throw new Error(plan.blocked.failure.message)
const heard = await page.listen(() => undefined)
const run = await page.call<string>('runs:start', draft)
for (let state = ''; state !== 'finished';) {
  const summary = await page.call<RunSummary>('runs:get', run)
  if (summary.state === 'failed') throw new Error(summary.failure?.message)
  state = summary.state
  await new Promise((done) => setTimeout(done, 100))
}
const { headline } = await page.call<RunResult>('runs:result', run)
await page.call('runs:answer', { id: run, texts: ['Crushing chest pain since this morning.'] })
await page.call('app:privacy')
heard.close()
process.stdout.write(`Result: ${headline}\n`)
const closed = once(child, 'close')
// A tracer keeps signals for itself: the application is its child.
const [own = ''] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ')
process.kill(Number(own), 'SIGINT')
await closed
