import { InputError } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import { whole } from '../report/numbers.ts'
import { OpenModel } from '../runs/serving/open-model.ts'
import { answeringBy, untilEnded } from '../services/serving/answering-by.ts'
import { servingLimits } from '../shell/loopback/serving/answering.ts'
import { makeToken, PredictionServer, type Served } from '../shell/loopback/serving/prediction-server.ts'
import type { ModelFacts } from '../worker/protocol.ts'
import { SecretLines, type SecretInput } from './ask-secret.ts'
import { reportFailure } from './failure.ts'
import { watchInterrupts, type Interrupts } from './interrupts.ts'
import type { Output } from './output.ts'
import { unlockFor } from './unlock.ts'

export interface ServeWishes {
  /** Of a run or an export, or of an adapter. */
  readonly folder: string
  /** An adapter's base model. */
  readonly base: string | undefined
  readonly port: string | undefined
  readonly tokenFromInput: boolean
  readonly passphraseFromInput: boolean
}

export interface ServePlaces {
  readonly trainer: string
  readonly version: string
  readonly input: SecretInput
  readonly signals?: NodeJS.EventEmitter | undefined
}

/** `attune serve`: answers programs of this machine until it is told to end. Resolves to the exit code. */
export async function serve(wishes: ServeWishes, places: ServePlaces, output: Output): Promise<number> {
  const { folder } = wishes
  const port = portOf(wishes.port)
  const { passphrase, token } = await givenSecrets(wishes, places.input)
  const interrupts = watchInterrupts(places.signals)
  const lines = passphrase === null ? null : { next: async () => passphrase }
  try {
    if (await unlockFor({ paths: [folder], lines, input: places.input }, output))
      return await serveOpened(wishes, places, output, { port, token: token ?? makeToken(), interrupts })
    output.tell('Stopped. Nothing was read or changed.')
    return 130
  } finally {
    interrupts.dispose()
  }
}

/** What standard input holds: the passphrase on its first line, whether the folder turns out to need it or not, and the token on its next. */
async function givenSecrets(
  { passphraseFromInput, tokenFromInput }: ServeWishes,
  input: SecretInput
): Promise<{ passphrase: string | null; token: string | null }> {
  if (!passphraseFromInput && !tokenFromInput) return { passphrase: null, token: null }
  const lines = new SecretLines(input)
  try {
    const passphrase = passphraseFromInput ? await lines.next() : null
    return { passphrase, token: tokenFromInput ? strong(await lines.next()) : null }
  } finally {
    await lines.close()
  }
}

interface Opened {
  readonly port: number
  readonly token: string
  readonly interrupts: Interrupts
}

async function serveOpened(
  { folder, base, tokenFromInput }: ServeWishes,
  { trainer, version }: ServePlaces,
  output: Output,
  { port, token, interrupts }: Opened
): Promise<number> {
  const counts = new Counts(output)
  output.tell('Opening the model.')
  const options = {
    folder,
    base,
    entry: trainer,
    mostWaiting: servingLimits.waiting,
    onRestart: () => counts.restarted(),
    onNote: (note: string) => output.tell(note)
  }
  const { model, facts } = await OpenModel.open(options, AbortSignal.any([interrupts.stop, output.closed]))
  interrupts.kill.addEventListener('abort', () => model.kill())
  const stop = AbortSignal.any([interrupts.stop, output.closed])
  try {
    const answering = answeringBy(model, facts)
    const server = await PredictionServer.open({ answering, token, port, version, onServed: (served) => counts.add(served) })
    announce(server.port, facts, tokenFromInput ? null : token, output)
    const failed = await untilEnded(model, stop)
    if (failed) {
      await server.close(0)
      return await reportFailure(failed, output, folder)
    }
    output.tell('Closing. Requests that are there are answered first; Ctrl+C once more ends at once.')
    await server.close()
  } finally {
    await model.dispose()
    counts.dispose()
  }
  if (output.isJson) output.event({ event: 'finished', ...counts.total })
  else output.print(`${counts.sentence()}\n`)
  return 0
}

/** The port that was named; 0, any that is free, where none was. */
function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 1 && port <= 65_535) return port
  throw new InputError('usage', '--port must be a number from 1 to 65535, or be left out for any that is free.')
}

/** As many characters as base64 needs for 192 bits: what is shorter can be guessed, or was meant as something else. */
const SHORTEST_TOKEN = 32

function strong(token: string): string {
  if (token.length >= SHORTEST_TOKEN && /^[\x21-\x7e]{1,500}$/.test(token)) return token
  throw new InputError(
    'usage',
    `The token on standard input must have ${SHORTEST_TOKEN} to 500 characters without spaces or accents.`
  )
}

function whatIsAnswered({ labels, problem, questions }: ModelFacts): string {
  if (questions)
    return questions.length === 0
      ? 'questions that are sent'
      : counted(questions.length, 'question of its own', 'questions of its own')
  if (labels.length === 0) return 'a number'
  return problem === 'token-classification'
    ? counted(labels.length, 'kind of passages', 'kinds of passages')
    : counted(labels.length, 'label')
}

function announce(port: number, facts: ModelFacts, token: string | null, output: Output): void {
  const address = `http://127.0.0.1:${port}/`
  if (output.isJson) {
    output.event({ event: 'serving', address, port, ...(token === null ? {} : { token }) })
    return
  }
  output.print(
    `${facts.name} (${whatIsAnswered(facts)}) answers programs of this machine at ${address}, where a page describes how to ask.\n`
  )
  output.print(
    token === null
      ? 'Requests need the token that you gave.\n'
      : `Requests need this token, which is shown once:\n\n  ${token}\n\n`
  )
  output.print('It goes into each request as "Authorization: Bearer TOKEN". Ctrl+C ends.\n')
}

const MINUTE = 60_000

/** Numbers and times of what was answered: all that is ever said of requests. */
class Counts {
  readonly total = { requests: 0, rows: 0, refused: 0, restarts: 0 }
  readonly #output: Output
  readonly #timer: NodeJS.Timeout
  #minute = { requests: 0, rows: 0, refused: 0, milliseconds: 0 }

  constructor(output: Output) {
    this.#output = output
    this.#timer = setInterval(() => this.#tell(), MINUTE)
    this.#timer.unref()
  }

  add({ status, rows, milliseconds }: Served): void {
    const refused = status >= 400 ? 1 : 0
    for (const counts of [this.total, this.#minute]) {
      counts.requests++
      counts.rows += rows
      counts.refused += refused
    }
    this.#minute.milliseconds += milliseconds
    if (this.#output.isJson) this.#output.event({ event: 'served', status, rows, milliseconds: Math.round(milliseconds) })
  }

  restarted(): void {
    this.total.restarts++
    if (this.#output.isJson) this.#output.event({ event: 'restarted', restarts: this.total.restarts })
    else this.#output.tell('The process of the model was lost and is started again. The request that it was at has failed.')
  }

  sentence(): string {
    const { requests, rows, refused } = this.total
    return `Closed. Requests: ${whole(requests)}, refused: ${whole(refused)}, rows answered: ${whole(rows)}.`
  }

  dispose(): void {
    clearInterval(this.#timer)
  }

  #tell(): void {
    const { requests, rows, refused, milliseconds } = this.#minute
    this.#minute = { requests: 0, rows: 0, refused: 0, milliseconds: 0 }
    if (requests === 0 || this.#output.isJson) return
    const mean = whole(Math.round(milliseconds / requests))
    this.#output.tell(
      `In the last minute: ${whole(requests)} requests (${whole(refused)} refused), ${whole(rows)} rows, ${mean} ms each on average.`
    )
  }
}
