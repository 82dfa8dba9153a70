// `npm run interop`: trains tiny models, exports them in every form, and opens each with the Python libraries it is meant for
// (scripts/reference/export_*.py). ATTUNE_PYTHON names a Python with torch, transformers, peft, onnx, onnxruntime, tokenizers and regex; python3 where it is not
// set. No test needs this. `--only WORD` runs the models whose name has the word; `--results FOLDER` writes what the scripts said, one file a script.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' }, results: { type: 'string' } } })
ensureInstalled()
const node = requireNode24()
const python = process.env['ATTUNE_PYTHON'] ?? 'python3'
const packages = ['torch', 'transformers', 'peft', 'onnx', 'onnxruntime', 'tokenizers', 'regex']

const probe = spawnSync(python, ['-c', `import ${packages.join(', ')}`], { encoding: 'utf8' })
if (probe.status !== 0) {
  const why = probe.error ? 'was not found' : `lacks a package: ${probe.stderr.trim().split('\n').at(-1)}`
  console.log(`Nothing was compared: ${python} ${why}. Set ATTUNE_PYTHON to a Python with ${packages.join(', ')}.`)
  process.exit(0)
}

const folder = await mkdtemp(join(tmpdir(), 'attune-interop-'))
const env = { ...process.env, HOME: folder, ATTUNE_DATA: join(folder, 'data'), ORT_DISABLE_TELEMETRY: '1', HF_HUB_OFFLINE: '1' }
// Runs that mark passages or answer questions are asked in this process.
process.env['ORT_DISABLE_TELEMETRY'] = '1'
const said = new Map()
let failures = 0

/** Runs `attune`; resolves to its last event. */
function attune(...words) {
  const { stdout } = spawnSync(node, [join(root, 'src/main/cli.ts'), ...words, '--json'], { encoding: 'utf8', env })
  const last = JSON.parse(stdout.trim().split('\n').at(-1))
  if (last.event !== 'finished') throw new Error(`attune ${words.join(' ')}: ${last.message}`)
  return last
}

function compare(what, script, ...args) {
  const { stdout, stderr, status } = spawnSync(python, [join(root, 'scripts/reference', script), ...args], {
    encoding: 'utf8',
    env
  })
  const line = stdout.trim().split('\n').at(-1)
  if (status !== 0) failures++
  console.log(`${status === 0 ? 'fits ' : 'DIFFERS'} ${what}: ${line === '' ? stderr.trim().split('\n').at(-1) : line}`)
  if (line !== '') said.set(script, [...(said.get(script) ?? []), line])
}

/** Kept as far as it has come: a run of all of them takes long, and may be cut short. */
async function keepResults() {
  if (options.results === undefined) return
  await mkdir(options.results, { recursive: true })
  for (const [script, lines] of said)
    await writeFile(join(options.results, script.replace(/\.py$/, '.results.jsonl')), `${lines.join('\n')}\n`)
}

/** [family, kind of answer]: every family, and every kind on one of them. */
const models = [
  ...['bert', 'roberta', 'distilbert', 'xlm-roberta', 'camembert'].map((family) => [family, 'single']),
  ...['multi', 'regression', 'pairs'].map((kind) => ['bert', kind])
]

/** Runs that mark passages: every family by an adapter, BILOU on all tokens, and a conditional random field, which ONNX alone can hold. */
const marking = [
  ...['bert', 'roberta', 'distilbert', 'xlm-roberta', 'camembert'].map((family) => [family, 'marks', {}]),
  ['bert', 'marks-bilou', { scheme: 'BILOU', labelled: 'all' }],
  ['bert', 'marks-crf', { crf: true }]
]

async function compareMarks(project) {
  const { marksFamilyConfig } = await import('../test/helpers/family-project.ts')
  const { tinyDocuments } = await import('../test/helpers/tiny-marks.ts')
  const { writeMarkAnswers } = await import('./lib/mark-answers.mjs')
  const texts = tinyDocuments(60, 4, 2).map(({ text }) => text)
  for (const [family, kind, head] of marking) {
    const name = `${family}-${kind}`
    if (!name.includes(options.only)) continue
    // Adapters alone teach a model of random weights little; its words' vectors learn with them.
    const lora = { type: 'lora', r: 4, target_modules: 'all-linear', modules_to_save: ['word_embeddings'] }
    const method = kind === 'marks' ? lora : { type: 'full' }
    const { run } = attune('train', await marksFamilyConfig(project, family, kind, { head, method }))
    const answers = join(folder, `${name}.json`)
    await writeMarkAnswers(run, texts, join(folder, 'cache'), answers)
    const forms = [
      ...(head.crf ? [] : [['huggingface'], ['huggingface', '--dtype', 'fp16']]),
      ...(kind === 'marks' ? [['peft'], ['onnx-parts']] : []),
      ...[['onnx'], ['onnx-fp16']]
    ]
    for (const form of forms) {
      const out = join(folder, `${name}-${form.join('')}`)
      attune('export', run, '--format', ...form, '--out', out)
      compare(
        `${name} ${form.join(' ')}`,
        'export_marks.py',
        out,
        answers,
        ...(form[0] === 'peft' ? [join(project, family)] : [])
      )
    }
    await keepResults()
  }
}

/** Runs that answer questions, every family by an adapter. */
async function compareQuestions(project) {
  const { questionsFamilyConfig } = await import('../test/helpers/family-project.ts')
  const { tinyQuestions } = await import('../test/helpers/tiny-questions.ts')
  const { tinyDocuments } = await import('../test/helpers/tiny-marks.ts')
  const { writeQuestionAnswers } = await import('./lib/question-answers.mjs')
  const questions = [tinyQuestions.NAME[0], tinyQuestions.PLACE]
  const asked = tinyDocuments(30, 4, 6).flatMap(({ text }) => questions.map((question) => ({ text, question })))
  for (const family of ['bert', 'roberta', 'distilbert', 'xlm-roberta', 'camembert']) {
    const name = `${family}-answers`
    if (!name.includes(options.only)) continue
    const { run } = attune('train', await questionsFamilyConfig(project, family))
    const answers = join(folder, `${name}.json`)
    await writeQuestionAnswers(run, asked, join(folder, 'cache'), answers)
    for (const form of [['huggingface'], ['huggingface', '--dtype', 'fp16'], ['peft'], ['onnx-parts'], ['onnx'], ['onnx-fp16']]) {
      const out = join(folder, `${name}-${form.join('')}`)
      attune('export', run, '--format', ...form, '--out', out)
      const base = form[0] === 'peft' ? [join(project, family)] : []
      compare(`${name} ${form.join(' ')}`, 'export_answers.py', out, answers, ...base)
    }
    await keepResults()
  }
}

/** Forms in few bits, on the bundled model and letters: what is rounded has to have learned something that it can lose. */
async function compareRounded() {
  const sample = join(root, 'resources/sample')
  const text = await readFile(join(sample, 'letters.yaml'), 'utf8')
  const config = text
    .replace('model: ./model', `model: ${join(sample, 'model')}`)
    .replace('./data/', `${join(sample, 'data')}/`)
    .replace(/^head: .*$/m, '')
    .replace('output: ../../runs', `output: ${join(folder, 'runs')}`)
  await writeFile(join(folder, 'sample-rounded.yaml'), config)
  const { run } = attune('train', join(folder, 'sample-rounded.yaml'))
  const out = (form) => join(folder, `sample-${form.join('')}`)
  const forms = [['huggingface'], ['onnx-int8'], ['onnx-int8', '--quantization', 'static'], ['onnx-int4']]
  for (const form of forms) attune('export', run, '--format', ...form, '--out', out(form))
  const data = [join(sample, 'data/clinical-letters.csv'), 'letter', 'urgency']
  const [merged, ...rounded] = forms.map(out)
  for (const each of rounded) compare(`sample ${each.slice(each.indexOf('onnx'))}`, 'export_onnx_int8.py', each, merged, ...data)
  await keepResults()
}

try {
  const { familyConfig, makeFamilyProject } = await import('../test/helpers/family-project.ts')
  const project = await makeFamilyProject(join(folder, 'project'))
  for (const [family, kind] of models) {
    const name = `${family}-${kind}`
    if (!name.includes(options.only)) continue
    const run = attune('train', await familyConfig(project, family, kind)).run
    const data = join(project, `${kind}.csv`)
    const pair = kind === 'pairs' ? ['other'] : []
    const out = (format) => join(folder, `${name}-${format}`)
    const answers = (from, format) => {
      const file = join(folder, `${name}-${format}.jsonl`)
      attune('predict', from, '--data', data, '--out', file)
      return file
    }
    for (const format of ['huggingface', 'peft', 'onnx', 'onnx-fp16', 'onnx-parts'])
      attune('export', run, '--format', format, '--out', out(format))
    const ofRun = answers(run, 'run')
    compare(`${name} huggingface`, 'export_huggingface.py', out('huggingface'), data, ofRun, ...pair)
    if (kind === 'single') compare(`${name} peft`, 'export_peft.py', out('peft'), join(project, family), data, ofRun)
    for (const format of ['onnx', 'onnx-fp16', 'onnx-parts']) {
      const files = [out(format), out('huggingface'), data, answers(out(format), format)]
      compare(`${name} ${format}`, 'export_onnx.py', ...files, ...pair)
    }
    await keepResults()
  }
  await compareMarks(project)
  await compareQuestions(project)
  if ('sample-rounded'.includes(options.only)) await compareRounded()
} finally {
  await rm(folder, { recursive: true, force: true })
}
console.log(failures === 0 ? 'Everything fits.' : `${failures} comparisons differ by more than is allowed.`)
process.exitCode = failures === 0 ? 0 : 1
