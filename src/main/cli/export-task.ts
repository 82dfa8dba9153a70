import { join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { parseBytes } from '../config/describe.ts'
import type { Exporter } from '../export/define-exporter.ts'
import { exporters, type ExportFormat } from '../export/index.ts'
import type { ExportContents } from '../export/paper/contents.ts'
import { dataFolderPath } from '../shell/data-folder.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import { purposeOf } from './purpose.ts'

/** What `attune export` asks of the trainer. @throws InputError for a format or type that there is not */
export function exportTask(
  runFolder: string,
  { values, switches }: { readonly values: ReadonlyMap<string, string>; readonly switches: ReadonlySet<string> },
  version: string
): TrainerTask {
  const named = values.get('format') ?? ''
  const isPack = named === 'attune'
  for (const flag of ['adapter', 'encrypt'])
    if (switches.has(flag) && !isPack) throw new InputError('usage', `--${flag} belongs to --format attune alone.`)
  const format = isPack && switches.has('adapter') ? 'attune-adapter' : named
  if (!isKey<ExportFormat>(exporters, format)) throw unknown('format', format, Object.keys(exporters))
  const { dtypes }: Exporter = exporters[format]
  const type = values.get('dtype')
  const dtype = type === undefined ? dtypes[0] : dtypes.find((one) => one === type)
  if (dtype === undefined) throw unknown('dtype', type ?? '', dtypes)
  const size = values.get('max-shard-size')
  const shardBytes = size === undefined ? undefined : parseBytes(size)
  if (size !== undefined && (format !== 'huggingface' || shardBytes === null || shardBytes === 0))
    throw new InputError(
      'usage',
      '--max-shard-size takes a size such as 4GB or 500MB, and belongs to --format huggingface alone.'
    )
  const quantization = values.get('quantization')
  if (quantization !== undefined && format !== 'onnx-int8')
    throw new InputError('usage', '--quantization belongs to --format onnx-int8 alone.')
  if (quantization !== undefined && quantization !== 'dynamic' && quantization !== 'static')
    throw unknown('quantization', quantization, ['dynamic', 'static'])
  const outFolder = resolve(values.get('out') ?? '')
  const contents = contentsOf(values, switches)
  const sheet = values.get('datasheet')
  return {
    ...{ kind: 'export', runFolder, format, dtype, outFolder, version, keyFolder: join(dataFolderPath(), 'signing') },
    ...(shardBytes != null && { shardBytes }),
    ...{
      contents,
      quantization,
      externalData: switches.has('external-data'),
      datasheetFile: sheet === undefined ? null : resolve(sheet),
      // Whoever types the command has the warning before them; there is nobody else to ask.
      purpose: purposeOf(values),
      despite: true
    }
  }
}

/** Which papers the export is to have. */
function contentsOf(values: ReadonlyMap<string, string>, switches: ReadonlySet<string>): ExportContents {
  const columns = values
    .get('report-groups')
    ?.split(',')
    .map((name) => name.trim())
  const groups = [...new Set(columns?.filter((name) => name !== ''))]
  const contents = {
    card: !switches.has('no-card'),
    report: !switches.has('no-report'),
    examples: switches.has('examples'),
    groups
  }
  if (contents.examples && !contents.report)
    throw new InputError('usage', '--examples puts texts into the report, which --no-report leaves out. Name one of them.')
  if (columns !== undefined && !contents.report)
    throw new InputError('usage', '--report-groups groups the report, which --no-report leaves out. Name one of them.')
  if (columns !== undefined && groups.length === 0)
    throw new InputError(
      'usage',
      '--report-groups names no column. Write the names of columns of the data, with commas between them.'
    )
  return contents
}

const isKey = <K extends string>(table: Readonly<Record<K, unknown>>, name: string): name is K => Object.hasOwn(table, name)

const unknown = (flag: string, value: string, known: readonly string[]): InputError =>
  new InputError('usage', `--${flag} cannot be ${shown(value)}. It is one of ${known.join(', ')}.`)
