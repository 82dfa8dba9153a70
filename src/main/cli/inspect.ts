import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256OfFile } from '../base/files.ts'
import { licenceOf } from '../base/licence/read-licence.ts'
import { harmless, listed } from '../base/wording.ts'
import { isAdapterFolder } from '../engine/training/adapter-folder.ts'
import { PACK_ENDING } from '../export/pack/layout.ts'
import { metricTitle } from '../report/metrics.ts'
import { bytes, NO_BREAK, significant, whole } from '../report/numbers.ts'
import type { AdapterLook } from '../worker/adapter-look.ts'
import { ADAPTER_INSIDE } from '../worker/adapter-start.ts'
import { SecretLines, type SecretInput } from './ask-secret.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'
import { packLines } from './pack-lines.ts'
import { packSecretFor } from './pack-secret.ts'
import type { CommandInvocation } from './run-task.ts'

type Fact = readonly [title: string, value: string]

/** `attune inspect PATH`: a pack, marks, an adapter's folder, data, or a model's. Resolves to the exit code: 2 where a model cannot be trained. */
export async function inspect(
  invocation: CommandInvocation,
  output: Output,
  input: SecretInput = process.stdin
): Promise<number> {
  const path = invocation.argument
  if (path.endsWith(PACK_ENDING) && (await isFile(path))) return inspectPack(invocation, output, input)
  const { showMarks } = await import('./inspect-marks.ts')
  if (await showMarks(path, output)) return 0
  const inner = join(path, ADAPTER_INSIDE)
  const adapter = (await isAdapterFolder(path)) ? path : (await isAdapterFolder(inner)) ? inner : null
  if (adapter !== null) return inspectAdapter(adapter, output)
  const { isData, showData } = await import('./show-data.ts')
  if (await isData(path)) return showData(path, invocation.values.get('rejected') ?? null, output)
  const { showInspection } = await import('./show-inspection.ts')
  return showInspection(path, output)
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  )

async function inspectPack(invocation: CommandInvocation, output: Output, input: SecretInput): Promise<number> {
  const file = invocation.argument
  const lines = invocation.switches.has('passphrase-stdin') ? new SecretLines(input) : null
  const scratch = await mkdtemp(join(tmpdir(), 'attune-inspect-'))
  try {
    const passphrase = await packSecretFor(invocation, { lines, input }, output)
    if (passphrase === undefined) {
      output.tell('Stopped. Nothing was read or changed.')
      return 130
    }
    const { describePack } = await import('../export/pack/read-manifest.ts')
    const { licence: told, ...pack } = await describePack(file, { passphrase, scratch, signal: new AbortController().signal })
    const licence = licenceOf(told.name, told.name !== null ? 'card' : told.hasText ? 'file' : null)
    const sha256 = await sha256OfFile(file)
    if (output.isJson) output.event({ event: 'finished', kind: 'pack', file, sha256, ...pack, licence: told.name })
    else output.print(page([['Pack', file], ...packLines({ ...pack, licence }), ...baseFact(pack.base), ['SHA-256', sha256]]))
    return 0
  } finally {
    await lines?.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

async function inspectAdapter(folder: string, output: Output): Promise<number> {
  const { lookAtAdapter } = await import('../worker/adapter-look.ts')
  const look = (await lookAtAdapter(folder, []))['look'] as AdapterLook // Made by lookAtAdapter.
  if (output.isJson) output.event({ event: 'finished', kind: 'adapter', folder, ...look })
  else output.print(page(adapterLines(folder, look)))
  return 0
}

function adapterLines(folder: string, look: AdapterLook): readonly Fact[] {
  const { rank, alpha, stabilised, base_name: base, papers, licence, class_names: classes, sha256 } = look
  return [
    ['Adapter', folder],
    ['Kind', `${stabilised ? 'rsLoRA' : 'LoRA'}, rank ${whole(rank)}, alpha ${significant(alpha, 4)}`],
    ['Trained on', base ?? 'not named'],
    ...(papers ? baseFact(papers.base) : []),
    ['Licence', licence ?? 'not named'],
    ...(classes ? ([['Classes', listed(classes, 12)]] as const) : []),
    ['Size', bytes(look.bytes)],
    ...(papers ? testedFacts(papers) : ([['Tested', 'nothing here says so']] as const)),
    ['SHA-256', `${sha256} (of its two files)`]
  ]
}

function testedFacts({ tested, signed_by }: NonNullable<AdapterLook['papers']>): readonly Fact[] {
  const { metrics, rows, part } = tested
  return [
    ...Object.entries(metrics).map(([name, value]): Fact => [
      metricTitle(name),
      `${significant(value, 4)} on ${whole(rows)} ${part} rows`
    ]),
    ['Signed by', signed_by]
  ]
}

const baseFact = ({ name, sha256 }: { readonly name: string; readonly sha256: string | null }): readonly Fact[] =>
  sha256 === null ? [] : [['Base model', `${name}, SHA-256 of its weights ${sha256}`]]

const page = (facts: readonly Fact[]): string =>
  `${factLines(facts.map(([title, value]) => [title, harmless(value.replaceAll(NO_BREAK, ' '))]))}\n`
