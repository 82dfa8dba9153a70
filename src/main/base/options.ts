/**
 * The vocabulary in which options are declared, once: type, default, range, unit and help (style.md 3). The reader of run.yaml, its JSON
 * Schema, its page in the docs and the form all come from these declarations, which are plain data.
 */
export type Shape =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly unit?: string }
  | DecimalShape
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'text'; readonly format: TextFormat; readonly maxLength: number }
  /** A number of bytes, or a text such as `4 GB`; read as bytes. */
  | { readonly kind: 'bytes'; readonly min: number; readonly max: number }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly item: Shape; readonly min: number; readonly max: number; readonly unique: boolean }
  /** Keys that the person names, e.g. classes. */
  | { readonly kind: 'map'; readonly keys: string; readonly value: Shape }
  | { readonly kind: 'group'; readonly fields: Fields }
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  /** A group whose keys depend on the value of one of them. */
  | { readonly kind: 'variants'; readonly tag: string; readonly of: Readonly<Record<string, Fields>> }

export interface DecimalShape {
  readonly kind: 'decimal'
  readonly min: number
  readonly max: number
  /** Whether `min` or `max` itself is out of range. */
  readonly aboveMin: boolean
  readonly belowMax: boolean
  readonly unit?: string
}

/** `path`: of a file or folder. `pattern`: a regular expression. */
export type TextFormat = 'plain' | 'path' | 'pattern'

/** One option whose value is a `T`. */
export interface Option<out T> {
  readonly shape: Shape
  /** One or two sentences for a person who has never heard of it. */
  readonly help: string
  /** Absent where the person must give a value. Read like a value of theirs, so a group's default may leave out its own defaults. */
  readonly fallback?: { readonly value: unknown }
  /** What stands for the default in the docs where it is worked out from other options (the declared default is then null). */
  readonly derived?: string
  /** Carries `T`; never set. */
  readonly of?: T
}

export type Fields = Readonly<Record<string, Option<unknown>>>

/** The values of a declared set of options. */
export type OptionsOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Option<infer T> ? T : never }

interface Common<T> {
  /** Left out only inside a list or `optional`. */
  readonly help?: string
  readonly default?: T
}

interface Range {
  readonly min?: number
  readonly max?: number
  readonly unit?: string
}

function option<T>(shape: Shape, common: { readonly help?: string; readonly default?: unknown }): Option<T> {
  return { shape, help: common.help ?? '', ...(common.default !== undefined && { fallback: { value: common.default } }) }
}

const unitOf = ({ unit }: Range): { readonly unit?: string } => (unit === undefined ? {} : { unit })

/** A whole number from `min` (0 when left out) to `max`. */
export function integer(args: Common<number> & Range): Option<number> {
  return option({ kind: 'integer', min: args.min ?? 0, max: args.max ?? Number.MAX_SAFE_INTEGER, ...unitOf(args) }, args)
}

/** A finite number from `min` (0 when left out) to `max`; `above` and `below` bound it without being allowed themselves. */
export function decimal(args: Common<number> & Range & { readonly above?: number; readonly below?: number }): Option<number> {
  const { min = 0, max = Infinity, above, below } = args
  const bounds = { min: above ?? min, max: below ?? max, aboveMin: above !== undefined, belowMax: below !== undefined }
  return option({ kind: 'decimal', ...bounds, ...unitOf(args) }, args)
}

/** True or false. */
export function flag(args: Common<boolean>): Option<boolean> {
  return option({ kind: 'flag' }, args)
}

/** One of a few names. */
export function choice<const V extends string>(args: Common<NoInfer<V>> & { readonly values: readonly V[] }): Option<V> {
  return option({ kind: 'choice', values: args.values }, args)
}

/** Text that is not empty. */
export function text(args: Common<string> & { readonly format?: TextFormat; readonly maxLength?: number }): Option<string> {
  return option({ kind: 'text', format: args.format ?? 'plain', maxLength: args.maxLength ?? 4096 }, args)
}

/** An amount of memory or disk, in bytes; written as a number of bytes or as `4 GB`. */
export function bytes(args: Common<number | string> & Range): Option<number> {
  return option({ kind: 'bytes', min: args.min ?? 0, max: args.max ?? 2 ** 50 }, args)
}

/** Several values of one kind. */
export function list<T>(
  item: Option<T>,
  args: Common<readonly NoInfer<T>[]> & { readonly min?: number; readonly max?: number; readonly unique?: boolean }
): Option<readonly T[]> {
  const { min = 0, max = 1000, unique = false } = args
  return option({ kind: 'list', item: item.shape, min, max, unique }, args)
}

/** Values under names that the person chooses; `keys` says what the names are. */
export function map<T>(
  value: Option<T>,
  args: Common<Readonly<Record<string, NoInfer<T>>>> & { readonly keys: string }
): Option<Readonly<Record<string, T>>> {
  return option({ kind: 'map', keys: args.keys, value: value.shape }, args)
}

/** Options under one key. A default `{}` fills in the defaults within. */
export function group<F extends Fields>(fields: F, args: Common<Partial<OptionsOf<F>>>): Option<OptionsOf<F>> {
  return option({ kind: 'group', fields }, args)
}

/** A value of any one of several kinds; the first that fits is taken. */
export function either<const O extends readonly Option<unknown>[]>(
  options: O,
  args: Common<NoInfer<ValueOf<O[number]>>>
): Option<ValueOf<O[number]>> {
  return option({ kind: 'either', of: options.map(({ shape }) => shape) }, args)
}

type ValueOf<O> = O extends Option<infer T> ? T : never

/** The same option, which may also be null; null by default. `derived` says what null then stands for. */
export function optional<T>(
  inner: Option<T>,
  args: { readonly default?: unknown; readonly help: string; readonly derived?: string }
): Option<T | null> {
  const shapes = inner.shape.kind === 'either' ? inner.shape.of : [inner.shape]
  return {
    shape: { kind: 'either', of: [...shapes, { kind: 'null' }] },
    help: args.help,
    fallback: { value: args.default ?? null },
    ...(args.derived !== undefined && { derived: args.derived })
  }
}

/** The value of variants: each branch with the tag that names it. */
export type VariantOf<K extends string, V extends Readonly<Record<string, Fields>>> = {
  [T in keyof V & string]: { readonly [N in K]: T } & OptionsOf<V[T]>
}[keyof V & string]

/** A group in which the value of the key `tag` decides which other keys there are. */
export function variants<const K extends string, V extends Readonly<Record<string, Fields>>>(
  tag: K,
  of: V,
  args: Common<{ readonly [N in K]: keyof V & string }>
): Option<VariantOf<K, V>> {
  return option({ kind: 'variants', tag, of }, args)
}
