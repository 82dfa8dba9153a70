import { InputError } from '../../base/errors.ts'

export type ConfigJson = Readonly<Record<string, unknown>>

/** A value of config.json for a sentence, cut where it is long. */
const valueText = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const refuse = (key: string, found: unknown, wanted: string): never => {
  const shown = found === undefined ? 'missing' : valueText(found)
  throw new InputError('config-invalid', `config.json: ${key} is ${shown}; it must be ${wanted}.`, { file: 'config.json', key })
}

/** A whole number of at least `min`. */
export function wholeField(json: ConfigJson, key: string, min = 1, fallback?: number): number {
  const value = json[key] ?? fallback
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= 1e8
    ? value
    : refuse(key, value, `a whole number of at least ${min}`)
}

/** More layers than any encoder has would only fill the memory with the names of their tensors. */
const mostLayers = 1000

/** The number of layers. */
export function layersField(json: ConfigJson, key: string, fallback?: number): number {
  const layers = wholeField(json, key, 1, fallback)
  return layers <= mostLayers ? layers : refuse(key, layers, `a whole number from 1 to ${mostLayers}`)
}

/** A number in [min, max]. */
export function numberField(
  json: ConfigJson,
  key: string,
  { min, max, fallback }: { min: number; max: number; fallback?: number }
): number {
  const value = json[key] ?? fallback
  return typeof value === 'number' && value >= min && value <= max ? value : refuse(key, value, `a number from ${min} to ${max}`)
}

/** A dropout rate, in [0, 1). */
export function rateField(json: ConfigJson, key: string, fallback: number): number {
  const value = json[key] ?? fallback
  return typeof value === 'number' && value >= 0 && value < 1 ? value : refuse(key, value, 'a rate from 0 to below 1')
}

/** Refuses a switch that changes the arithmetic in a way the family's graph does not follow. */
export function mustBe(json: ConfigJson, key: string, allowed: readonly unknown[], why: string): void {
  const value = json[key]
  const isEmpty = value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  if (isEmpty || allowed.includes(value)) return
  throw new InputError('config-unsupported', `config.json: ${key} is ${valueText(value)}; ${why}. Choose another model.`, {
    file: 'config.json',
    key
  })
}

/** Switches that no encoder family here follows. */
export function refuseDecoderSwitches(json: ConfigJson): void {
  mustBe(json, 'is_decoder', [false], 'Attune trains encoders only')
  mustBe(json, 'add_cross_attention', [false], 'Attune trains encoders only')
  mustBe(json, 'position_embedding_type', ['absolute'], 'Attune follows absolute positions only')
  mustBe(json, 'pruned_heads', [], 'models with pruned heads are not read')
  mustBe(json, 'quantization_config', [], 'Attune reads weights in fp32, fp16 and bf16, not quantised ones')
}

/** Widths must divide among the heads. */
export function checkHeads(width: number, heads: number, widthKey: string, headsKey: string): void {
  if (width % heads !== 0) refuse(headsKey, heads, `a divisor of ${widthKey} (${width})`)
}
