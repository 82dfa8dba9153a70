import { join } from 'node:path'
import { fingerprint, openSigningKey } from '../export/signing-key.ts'
import type { Events } from '../ipc/events.ts'
import type { PackServices } from '../ipc/routes/packs.ts'
import type { Adapters } from '../library/adapters.ts'
import type { ModelRecords } from '../library/library.ts'
import type { Models } from '../library/models.ts'
import { Packs, type UnpackedFacts } from '../library/packs.ts'
import { metricTitle } from '../report/metrics.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import type { PackSummary } from '../worker/unpack-pack.ts'

interface PackParts {
  readonly dataFolder: string
  readonly trainer: string
  readonly events: Events
  readonly models: Models
  readonly records: ModelRecords
  readonly adapters: Adapters
  /** Whether the data folder is encrypted. */
  readonly isEncrypted: () => boolean
}

/** Packs that are brought to the library of this data folder. */
export function makePacks({ dataFolder, trainer, events, models, records, adapters, isEncrypted }: PackParts): PackServices {
  const packs = new Packs({
    models,
    records,
    adapters,
    folder: join(dataFolder, 'models'),
    notes: join(dataFolder, 'model-notes'),
    temporary: join(dataFolder, 'temporary'),
    async unpack(file, places, passphrase, signal) {
      const outcome = await runTask(
        { kind: 'unpack', file, ...places },
        {
          ...{ entry: trainer, secret: passphrase, signal },
          onEvent: (event) => {
            if (event.event !== 'progress') return
            const { phase, done, total } = event
            events.emit(['packs:unpacking', { phase, done, total }])
          }
        }
      )
      const pack = finishedOf(outcome)['pack'] as PackSummary // Made by unpackPack.
      const own = fingerprint((await openSigningKey(join(dataFolder, 'signing'))).publicKey)
      return { ...factsOf(pack), isOwn: pack.signedBy === own, staysPlain: pack.holds === 'model' && isEncrypted() }
    }
  })
  return { packs }
}

const methodTitles: Readonly<Record<string, string>> = {
  full: 'full fine-tuning',
  head: 'its head only',
  last_n: 'its last layers',
  bitfit: 'BitFit',
  lora: 'LoRA'
}

function factsOf(pack: PackSummary): Omit<UnpackedFacts, 'isOwn' | 'staysPlain'> {
  const { problem, labels, pairs, base, method, maxLength, dtype, bytes, tested, licence, isNoticed, licenceText, holds } = pack
  const { name, summary } = licence
  return {
    holds,
    answers: { problem, labels, pairs },
    ...{
      base: base.name,
      method: methodTitles[method] ?? method,
      maxTokens: maxLength,
      dtype,
      bytes,
      madeWith: pack.madeWith,
      signedBy: pack.signedBy
    },
    tested: {
      ...{ part: tested.part, rows: tested.rows },
      metrics: Object.entries(tested.metrics).map(([id, value]) => ({ id, title: metricTitle(id), value }))
    },
    licence: { name, summary, isNoticed, text: licenceText },
    problem: null
  }
}
