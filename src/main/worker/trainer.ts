import { join } from 'node:path'
import { readRunConfig } from '../config/run-config.ts'
import { StoppedError } from '../base/errors.ts'
import type { OnProgress } from '../data/intake/laying.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import type { AnsweringModel } from './answering-model.ts'
import { openChannel } from './channel.ts'
import { detailOf, failureOf } from './failure-of.ts'
import { Mailbox } from './mailbox.ts'
import type {
  Asked,
  FailedEvent,
  Outcome,
  PerformRequest,
  ProbeEvent,
  TimeThreadsEvent,
  TrainerEvent,
  TrainerTask
} from './protocol.ts'
import { runNameOf } from './run-folder.ts'

const stopping = new AbortController()
/** Asked to train no further. */
const finishing = new AbortController()

/** Where caches go: Attune's data folder, or what ATTUNE_CACHE names. */
function cacheFolderOf(output: string): string {
  return process.env['ATTUNE_CACHE'] ?? join(output, '.cache')
}

const channel = openChannel()
const { send } = channel

/** Draws of a comparison: fixed, so that asking twice answers the same. */
const COMPARISON_SEED = 1

const questions = new Mailbox<Asked>()
const performed = new Mailbox<PerformRequest>()

let probed: (outcome: Outcome) => void = () => undefined

/** Has the parent do something in a process of its own. */
function askFor(event: ProbeEvent | TimeThreadsEvent): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  probed = resolve
  send(event)
  return promise
}

async function perform(task: TrainerTask, secret: string | null): Promise<TrainerEvent> {
  const { signal } = stopping
  if (task.kind === 'try-device') {
    const { tryDevice } = await import('./try-device.ts')
    return { event: 'finished', ...(await tryDevice(task.device, signal)) }
  }
  if (task.kind === 'time-threads') {
    const { timeThreadsHere } = await import('./time-threads.ts')
    return timeThreadsHere(task, signal)
  }
  if (task.kind === 'compare') {
    const { compareRuns } = await import('./compare-runs.ts')
    return compareRuns(task.runFolders, COMPARISON_SEED)
  }
  if (task.kind === 'fit') {
    const { fitRun } = await import('./fit-run.ts')
    return fitRun(task.modelFolder, task.texts, task.limit)
  }
  if (task.kind === 'inspect-data') {
    const { reportOn } = await import('../data/datasets/report.ts')
    return { event: 'finished', report: await reportOn(task.input, (progress) => send({ event: 'progress', ...progress })) }
  }
  if (task.kind === 'lay-table' || task.kind === 'lay-documents') {
    const { layHere } = await import('../data/intake/laying.ts')
    const onProgress: OnProgress = (done, total, read) =>
      send({ event: 'progress', phase: 'reading', done, total, ...(read && { read }) })
    const laid =
      task.kind === 'lay-table'
        ? await layHere.table(task.input, onProgress, signal)
        : await layHere.documents(task.input, onProgress, signal)
    return { event: 'finished', laid }
  }
  if (task.kind === 'order-texts') {
    const { orderTexts } = await import('./order-texts.ts')
    return orderTexts(task)
  }
  if (task.kind === 'find-rows') {
    const { findRows } = await import('../data/datasets/finding-rows.ts')
    return { event: 'finished', found: await findRows(task.input) }
  }
  if (task.kind === 'measure-lengths') {
    const { measureLengths } = await import('./measure-lengths.ts')
    const onRows = (done: number): void => send({ event: 'progress', phase: 'checking', done, total: task.input.rows })
    return { event: 'finished', found: await measureLengths(task.input, onRows) }
  }
  if (task.kind === 'scrutinise') {
    const { scrutinise } = await import('./scrutiny/scrutinise.ts')
    return { event: 'finished', findings: await scrutinise(task.input, (progress) => send({ event: 'progress', ...progress })) }
  }
  if (task.kind === 'look') {
    const { lookAtData } = await import('./look/look-at-data.ts')
    return lookAtData(task, send, signal)
  }
  if (isPersonal(task)) return personal(task, secret)
  if (task.kind === 'save-answers') {
    const { saveAnswers } = await import('./save-answers.ts')
    return saveAnswers(task)
  }
  if (task.kind === 'save-marks') {
    const { saveMarks } = await import('./save-marks.ts')
    return saveMarks(task)
  }
  if (task.kind === 'save-asked') {
    const { saveAsked } = await import('./save-asked.ts')
    return saveAsked(task)
  }
  if (task.kind === 'look-adapter') {
    const { lookAtAdapter } = await import('./adapter-look.ts')
    return lookAtAdapter(task.folder, task.models)
  }
  if (task.kind === 'import-adapter') {
    const { importAdapter } = await import('./import-adapter.ts')
    return importAdapter(task)
  }
  if (task.kind === 'train' || task.kind === 'plan' || task.kind === 'probe') {
    const { performTraining } = await import('./perform-training.ts')
    return performTraining(task, { signal, finish: finishing.signal, emit: send, askFor, cacheFolderOf })
  }
  if (task.kind === 'profile') return profile(task)
  if (task.kind === 'review') {
    const { reviewExport } = await import('./review-export.ts')
    return reviewExport(task, { passphrase: secret, signal, emit: send })
  }
  if (task.kind === 'verify') return verify(task, secret)
  if (task.kind === 'unpack') {
    const { unpackPack } = await import('./unpack-pack.ts')
    return unpackPack({ ...task, passphrase: secret, signal, emit: send })
  }
  if (task.kind === 'predict' || task.kind === 'serve') return answer(task)
  if (task.kind === 'keep') {
    const { keepModels } = await import('./keep-models.ts')
    return keepModels({ requests: performed, cacheFolderOf, keptIn: process.env['ATTUNE_CACHE'] ?? null, signal, emit: send })
  }
  if (task.kind === 'answer' || task.kind === 'passages' || task.kind === 'attribute' || task.kind === 'use') return ask(task)
  if (task.kind === 'exportable') {
    const { exportableForms } = await import('./exportable-forms.ts')
    return await exportableForms(task.runFolder, task.purpose ?? 'unsaid', signal)
  }
  const { readRunConfiguration } = await import('./trained-run.ts')
  const { config } = await readRunConfiguration(task.runFolder, { takesPassages: true, takesQuestions: true })
  const { openRuntime } = await import('../engine/runtime/index.ts')
  const { settingsThreads } = await import('./settings.ts')
  const runtime = await openRuntime({ threads: settingsThreads(config.training) })
  const { runFolder } = task
  const common = { runFolder, runtime, cacheFolder: cacheFolderOf(config.output), signal, emit: send }
  try {
    if (task.kind === 'export') {
      const { exportRun } = await import('./export-run.ts')
      return await exportRun({ ...common, ...task, passphrase: secret })
    }
    const { evaluateRun } = await import('./evaluate-run.ts')
    return await evaluateRun({ ...common, dataFile: task.dataFile })
  } finally {
    await runtime.dispose()
  }
}

/** Profiles what a run.yaml says, or a finished run as it was configured. */
async function profile({ subject, isRun, steps, device }: Extract<TrainerTask, { kind: 'profile' }>): Promise<TrainerEvent> {
  const { profileRun } = await import('./profile-run.ts')
  const { openRunRuntime } = await import('./run-runtime.ts')
  const { readRunConfiguration } = await import('./trained-run.ts')
  const { withAdapter } = await import('./adapter-start.ts')
  const chosen = device === undefined ? {} : { device }
  const config = isRun
    ? (await readRunConfiguration(subject, { takesPassages: true, takesQuestions: true })).config
    : await withAdapter(await readRunConfig(subject, chosen))
  const { resolveDevice } = await import('./device-choice.ts')
  const asked = { ...config, training: { ...config.training, ...chosen } }
  const { device: resolved } = await resolveDevice(asked, null)
  const { resolveThreads } = await import('./thread-choice.ts')
  const threads = await resolveThreads({ config: asked, device: resolved, goesOn: null, isOfSeveral: false, time: null })
  const runtime = await openRunRuntime({ ...config.training, device: resolved, threads: threads.count })
  const place = isRun
    ? { folder: subject, name: 'profile.json' }
    : { folder: config.output, name: `profile-${runNameOf(subject)}.json` }
  try {
    return await profileRun({
      config,
      runtime,
      cacheFolder: cacheFolderOf(config.output),
      steps,
      ...place,
      signal: stopping.signal,
      emit: send
    })
  } finally {
    await runtime.dispose()
  }
}

/** Asks a run or an imported model for the window, which will ask again: what is prepared of it stays in the data folder's cache. */
async function ask(task: Extract<TrainerTask, { kind: 'answer' | 'passages' | 'attribute' | 'use' }>): Promise<TrainerEvent> {
  const { withModel } = await import('./answering-model.ts')
  const { signal } = stopping
  const keptIn = process.env['ATTUNE_CACHE'] ?? null
  const mayBeUnfinished = task.kind === 'answer'
  const takes = { takesPassages: task.kind !== 'attribute', takesQuestions: task.kind === 'answer' || task.kind === 'use' }
  const input = { folder: task.runFolder, cacheFolderOf, signal, emit: send, keptIn, mayBeUnfinished, ...takes }
  return withModel(input, async (model) => {
    if (task.kind === 'passages') {
      const { passagesInTexts } = await import('./passages-in-texts.ts')
      return passagesInTexts(model, task.texts, signal)
    }
    if (task.kind === 'answer') {
      const { answerTexts } = await import('./predict-run.ts')
      return answerTexts({ model, texts: task.texts, questions: task.questions ?? null, signal, emit: send })
    }
    if (task.kind === 'attribute') {
      const { attributeText } = await import('./attribute-run.ts')
      return attributeText({ model, text: task.text, pair: task.pair, signal })
    }
    if (model.config.task === 'token-classification') {
      const { useMarks } = await import('./use-marks.ts')
      return useMarks(model, { ...task, signal, emit: send })
    }
    if (model.config.task === 'question-answering') {
      const { useQuestions } = await import('./asked-table.ts')
      return useQuestions(model, { ...task, signal, emit: send })
    }
    const { useModel } = await import('./use-run.ts')
    return useModel(model, { ...task, signal, emit: send })
  })
}

type PersonalTask = Extract<TrainerTask, { kind: 'deidentify' | 'check-personal' | 'scan-personal' | 'clean-rows' }>

const personalKinds = new Set<string>(['deidentify', 'check-personal', 'scan-personal', 'clean-rows'])
const isPersonal = (task: TrainerTask): task is PersonalTask => personalKinds.has(task.kind)

/** Goes through files or rows by the rules, and by a model where one is named. */
async function personal(task: PersonalTask, secret: string | null): Promise<TrainerEvent> {
  const { signal } = stopping
  const work = async (model: AnsweringModel | null): Promise<TrainerEvent> => {
    if (task.kind === 'scan-personal' || task.kind === 'clean-rows') {
      const { cleanPersonal, scanPersonal } = await import('./personal-rows.ts')
      const around = { signal, emit: send, model }
      return task.kind === 'scan-personal' ? scanPersonal(task.input, around) : cleanPersonal(task, { ...around, secret })
    }
    const { checkPersonal, deidentifyFiles } = await import('./deidentify-run.ts')
    return task.kind === 'deidentify'
      ? deidentifyFiles(task, { secret, signal, emit: send, model })
      : checkPersonal(task, { signal, model })
  }
  if (task.modelFolder === null) return work(null)
  const { withModel } = await import('./answering-model.ts')
  return withModel({ folder: task.modelFolder, cacheFolderOf, signal, emit: send, takesPassages: true }, work)
}

/** Has a run or an export answer. */
async function answer(task: Extract<TrainerTask, { kind: 'predict' | 'serve' }>): Promise<TrainerEvent> {
  const { withAnsweringModel } = await import('./answering-model.ts')
  const { signal } = stopping
  const { runFolder: folder, base = null } = task
  return withAnsweringModel(
    { folder, base, cacheFolderOf, signal, emit: send, takesPassages: true, takesQuestions: true },
    async ({ model, about }) => {
      if (task.kind === 'serve') {
        const { serveModel } = await import('./serve-model.ts')
        return serveModel({ model, about, questions, signal, emit: send })
      }
      const { predictFile } = await import('./predict-run.ts')
      const { dataFile, outFile, questions: asked } = task
      return predictFile({ model, dataFile, outFile, questions: asked, signal, emit: send })
    }
  )
}

/** What it needs lies in a folder of its own for as long as it takes: the export may be on a disk that cannot be written. */
async function verify(
  { folder, dataFile }: Extract<TrainerTask, { kind: 'verify' }>,
  passphrase: string | null
): Promise<TrainerEvent> {
  const { verifyAny } = await import('./verify-pack.ts')
  const { openRuntime } = await import('../engine/runtime/index.ts')
  const { availableParallelism, tmpdir } = await import('node:os')
  const { mkdtemp, rm } = await import('node:fs/promises')
  const scratch = await mkdtemp(join(tmpdir(), 'attune-verify-'))
  const open = (): ReturnType<typeof openRuntime> => openRuntime({ threads: availableParallelism() })
  try {
    const { signal } = stopping
    return await verifyAny({ folder, dataFile, cacheFolder: scratch, passphrase, openRuntime: open, signal, emit: send })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function failure(error: unknown): FailedEvent {
  if (stopping.signal.aborted || error instanceof StoppedError) {
    const { message } = error instanceof StoppedError ? error : new StoppedError()
    return { event: 'failed', exitCode: 130, code: 'stopped', message, detail: detailOf(error) }
  }
  return failureOf(error)
}

/** A refusal with the line of run.yaml that it is about, where there is one. */
async function located(error: unknown, task: TrainerTask): Promise<unknown> {
  if (task.kind === 'profile' && !task.isRun) return locatedIn(error, task.subject)
  if (task.kind !== 'train' && task.kind !== 'plan') return error
  return locatedIn(error, task.configFile)
}

async function locatedIn(error: unknown, configFile: string): Promise<unknown> {
  const { withLine } = await import('../config/locate.ts')
  // The file was read before; if it is gone by now, the refusal itself matters more.
  return withLine(error, configFile).catch(() => error)
}

async function start(task: TrainerTask, secret: string | null): Promise<void> {
  let last: TrainerEvent
  try {
    last = await perform(task, secret)
  } catch (error) {
    last = failure(await located(error, task))
  }
  process.exitCode = last.event === 'failed' ? last.exitCode : 0
  channel.end(last)
}

channel.listen((request) => {
  if (request.kind === 'stop') {
    stopping.abort(new StoppedError())
    send({ event: 'progress', phase: 'saving', done: 0, total: 1 })
  } else if (request.kind === 'probed') probed(request.outcome)
  else if (request.kind === 'ask') questions.put(request)
  else if (request.kind === 'perform') {
    keyRing.use(request.sealing)
    performed.put(request)
  } else if (request.kind === 'finish') finishing.abort()
  else {
    keyRing.use(request.sealing)
    void start(request.task, request.secret)
  }
})
// The parent owns the terminal's interrupt.
process.on('SIGINT', () => undefined)
