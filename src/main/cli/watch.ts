import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { counted, harmless, shown } from '../base/wording.ts'
import { sweepAside } from '../engine/weights/aside.ts'
import { whole } from '../report/numbers.ts'
import { OpenModel } from '../runs/serving/open-model.ts'
import { answerForms, type AnswerForm } from '../runs/watch/answer-file.ts'
import { FolderWatch, type WatchNews } from '../runs/watch/folder-watch.ts'
import { lockFolder } from '../shell/folder-lock.ts'
import { askedQuestions } from './asked-questions.ts'
import { SecretLines, type SecretInput } from './ask-secret.ts'
import { reportFailure } from './failure.ts'
import { watchInterrupts, type Interrupts } from './interrupts.ts'
import type { Output } from './output.ts'
import { commands } from './commands.ts'
import { unlockFor } from './unlock.ts'

export interface WatchWishes {
  /** Of a run or an export, or of an adapter. */
  readonly folder: string
  /** An adapter's base model. */
  readonly base: string | undefined
  readonly incoming: string
  readonly outgoing: string
  readonly form: AnswerForm
  /** Asked of every text in place of the model's own. */
  readonly questions?: readonly string[] | undefined
  readonly passphraseFromInput: boolean
}

/** What `attune predict` is to watch; null where it answers one file. @throws InputError where both or neither is named */
export function watchWishes(
  folder: string,
  switches: ReadonlySet<string>,
  values: ReadonlyMap<string, string>
): WatchWishes | null {
  const [incoming, data, form] = [values.get('watch'), values.get('data'), values.get('form')]
  const usage = (sentence: string): InputError => new InputError('usage', sentence)
  if (incoming === undefined && data === undefined)
    throw usage(`attune predict needs --data FILE, or --watch FOLDER. Example: ${commands.predict.example}`)
  if (incoming === undefined) {
    if (form !== undefined) throw usage('--form belongs to --watch; the ending of --out decides the form of one file.')
    return null
  }
  if (data !== undefined) throw usage('attune predict takes --data or --watch, not both.')
  const found = answerForms.find((each) => each === (form ?? 'csv'))
  if (!found) throw usage(`--form cannot be ${shown(form ?? '')}. It is one of ${answerForms.join(', ')}.`)
  const fromInput = switches.has('passphrase-stdin')
  const base = values.get('base')
  const questions = askedQuestions(values)
  return { folder, base, incoming, outgoing: values.get('out') ?? '', form: found, questions, passphraseFromInput: fromInput }
}

export interface WatchPlaces {
  readonly trainer: string
  readonly input: SecretInput
  readonly signals?: NodeJS.EventEmitter | undefined
}

/** `attune predict --watch`: answers files as they come until it is told to end. Resolves to the exit code. */
export async function watchFolder(wishes: WatchWishes, places: WatchPlaces, output: Output): Promise<number> {
  const { folder, incoming, outgoing, passphraseFromInput: fromInput } = wishes
  const interrupts = watchInterrupts(places.signals)
  const lines = fromInput ? new SecretLines(places.input) : null
  try {
    const unlocking = unlockFor({ paths: [folder, incoming, outgoing], lines, input: places.input }, output)
    if (!(await unlocking.finally(() => lines?.close()))) {
      output.tell('Stopped. Nothing was read or changed.')
      return 130
    }
    const folders = await foldersOf(wishes)
    const lock = await lockFolder(folders.outgoing).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error
      const sentence = `Answers are being written to ${outgoing} already. Close the other watch first, or name another folder with --out.`
      throw new InputError('usage', sentence)
    })
    try {
      return await watchOpened({ ...wishes, ...folders }, places, output, interrupts)
    } finally {
      await lock.release()
    }
  } finally {
    interrupts.dispose()
  }
}

/** Both folders by their real paths; that for answers is made where it is not there. */
async function foldersOf({ incoming, outgoing }: WatchWishes): Promise<{ incoming: string; outgoing: string }> {
  const real = await realpath(incoming).catch(() => {
    throw new InputError('usage', `There is no folder ${incoming} to watch. Make it first.`)
  })
  await mkdir(outgoing, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new InputError(
      'usage',
      `The folder ${outgoing} cannot be made or written. Name another with --out.`,
      {},
      { cause: error }
    )
  })
  const out = await realpath(outgoing)
  if (out === real) throw new InputError('usage', 'Answers cannot go into the folder that is watched. Name another with --out.')
  return { incoming: real, outgoing: out }
}

async function watchOpened(
  wishes: WatchWishes,
  { trainer }: WatchPlaces,
  output: Output,
  interrupts: Interrupts
): Promise<number> {
  const { folder, base, incoming, outgoing, form, questions } = wishes
  const stop = AbortSignal.any([interrupts.stop, output.closed])
  const onRestart = (): void => output.tell('The process of the model was lost and is started again.')
  const onNote = (note: string): void => output.tell(note)
  const counts = { files: 0, rows: 0, failed: 0 }
  await sweepAside(tmpdir())
  const scratch = await mkdtemp(join(tmpdir(), `.writing-${process.pid}-0-attune-`))
  try {
    output.tell('Opening the model.')
    const { model, facts } = await OpenModel.open({ folder, base, entry: trainer, onRestart, onNote }, stop)
    interrupts.kill.addEventListener('abort', () => model.kill())
    const onNews = (news: WatchNews): void => tellOf(news, counts, output)
    try {
      const watch = await FolderWatch.open({
        model,
        facts,
        questions,
        incoming,
        outgoing,
        scratch,
        form,
        onNews,
        now: () => new Date()
      })
      if (output.isJson) output.event({ event: 'watching', model: facts.name })
      else
        output.print(
          `${facts.name} answers what comes into ${harmless(incoming)}. Answers go to ${harmless(outgoing)}. Ctrl+C ends.\n`
        )
      const gone = new AbortController()
      void model.ended.then(() => gone.abort())
      await watch.run(AbortSignal.any([stop, gone.signal]))
    } finally {
      await model.dispose()
    }
    const failed = await model.ended
    if (failed) return await reportFailure(failed, output, folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  if (output.isJson) output.event({ event: 'finished', ...counts })
  else
    output.print(
      `Closed. Files answered: ${whole(counts.files)} (rows: ${whole(counts.rows)}), not answered: ${whole(counts.failed)}.\n`
    )
  return 0
}

function tellOf(news: WatchNews, counts: { files: number; rows: number; failed: number }, output: Output): void {
  if (news.kind === 'failed') counts.failed++
  else {
    counts.files++
    counts.rows += news.rows
  }
  if (output.isJson) output.event({ event: 'file', ...news })
  else if (news.kind === 'failed') output.tell(harmless(`${news.name}: ${news.sentence}`))
  else output.tell(harmless(`${news.name}: ${counted(news.rows, 'row')} answered in ${news.out}`))
}
