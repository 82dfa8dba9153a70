import { InputError } from '../../base/errors.ts'

export type ConfigJson = Readonly<Record<string, unknown>>

const refuse = (key: string, found: unknown, wanted: string): never => {
  const shown = found === undefined ? 'missing' : JSON.stringify(found)
  throw new InputError('config-invalid', `config.json: ${key} is ${shown}; it must be ${wanted}.`, { file: 'config.json', key })
}

/** A whole number of at least `min`. */
export function wholeField(json: ConfigJson, key: string, min = 1, fallback?: number): number {
  const value = json[key] ?? fallback
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= 1e8
    ? value
    : refuse(key, value, `a whole number of at least ${min}`)
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
  throw new InputError('config-unsupported', `config.json: ${key} is ${JSON.stringify(value)}; ${why}.`, {
    file: 'config.json',
    key
  })
}

/** Switches that no encoder family here follows. */
export function refuseDecoderSwitches(json: ConfigJson): void {
  mustBe(json, 'is_decoder', [false], 'Attune trains it as an encoder only')
  mustBe(json, 'add_cross_attention', [false], 'Attune trains it as an encoder only')
  mustBe(json, 'position_embedding_type', ['absolute'], 'Attune follows absolute positions only')
  mustBe(json, 'pruned_heads', [], 'models with pruned heads are not read')
  mustBe(json, 'quantization_config', [], 'ask for the weights in fp32, fp16 or bf16')
}

/** Widths must divide among the heads. */
export function checkHeads(width: number, heads: number, widthKey: string, headsKey: string): void {
  if (width % heads !== 0) refuse(headsKey, heads, `a divisor of ${widthKey} (${width})`)
}
