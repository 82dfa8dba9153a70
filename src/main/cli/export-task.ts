import { join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { Exporter } from '../export/define-exporter.ts'
import { exporters, type ExportFormat } from '../export/index.ts'
import { dataFolderPath } from '../shell/data-folder.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import type { Invocation } from './arguments.ts'

/** What `attune export` asks of the trainer. @throws InputError for a format or type that there is not */
export function exportTask(
  runFolder: string,
  { values, switches }: Pick<Extract<Invocation, { kind: 'command' }>, 'values' | 'switches'>,
  version: string
): TrainerTask {
  const format = values.get('format') ?? ''
  if (!isKey<ExportFormat>(exporters, format)) throw unknown('format', format, Object.keys(exporters))
  const { dtypes }: Exporter = exporters[format]
  const named = values.get('dtype')
  const dtype = named === undefined ? dtypes[0] : dtypes.find((one) => one === named)
  if (dtype === undefined) throw unknown('dtype', named ?? '', dtypes)
  const outFolder = resolve(values.get('out') ?? '')
  const externalData = switches.has('external-data')
  const keyFolder = join(dataFolderPath(), 'signing')
  return { kind: 'export', runFolder, format, dtype, outFolder, externalData, version, keyFolder }
}

const isKey = <K extends string>(table: Readonly<Record<K, unknown>>, name: string): name is K => Object.hasOwn(table, name)

const unknown = (flag: string, value: string, known: readonly string[]): InputError =>
  new InputError('usage', `--${flag} cannot be ${shown(value)}. It is one of ${known.join(', ')}.`)
