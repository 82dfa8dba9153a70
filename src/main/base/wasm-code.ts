// WebAssembly written by hand: V8 has no other way to 128-bit arithmetic. Numbers are those of the core specification (SIMD: opcodes after the prefix 0xfd).

// The engine's compiler settings leave out the browser's library, where TypeScript keeps these.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports?: object) => { readonly exports: object }
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number; readonly shared?: boolean }) => GivenMemory
}

/** Bytes of instructions. */
export type Code = readonly number[]

const unsigned = (value: number): number[] => {
  const bytes: number[] = []
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest & 127) | 128)
  }
}
const signed = (value: number): number[] => {
  const bytes: number[] = []
  for (let rest = value | 0; ; rest >>= 7) {
    const isLast = (rest >> 6 === 0 && (rest & 64) === 0) || (rest >> 6 === -1 && (rest & 64) !== 0)
    if (isLast) return [...bytes, rest & 127]
    bytes.push((rest & 127) | 128)
  }
}

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, ...value: Code[]): Code => [...value.flat(), 0x21, ...unsigned(local)]
export const i32 = (value: number): Code => [0x41, ...signed(value)]
export const i32Add = (a: Code, b: Code): Code => [...a, ...b, 0x6a]
export const i32Multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c]
export const i32Below = (a: Code, b: Code): Code => [...a, ...b, 0x49]
/** The integer at an address and `offset` bytes more. */
export const i32Load = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)]
/** Does `body` again as long as `again` is not zero when it has been done. */
export const loop = (body: Code, again: Code): Code => [0x03, 0x40, ...body, ...again, 0x0d, 0, 0x0b]
/** Does `body` where `condition` is not zero. */
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b]

export const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)]
/** A 32-bit number in all four lanes. */
export const splat32 = (value: Code): Code => simd(0x11, value)
export const bytesConstant = (bytes: readonly number[]): Code => [0xfd, 0x0c, ...bytes]
export const zero = bytesConstant(new Array<number>(16).fill(0))
export const load = (address: Code, offset: number): Code => [...simd(0x00, address), 3, ...unsigned(offset)]
/** The 64 bits at an address in both lanes. */
export const loadTwice = (address: Code): Code => [...simd(0x0a, address), 3, 0]
export const store = (address: Code, value: Code, offset: number): Code => [...simd(0x0b, address, value), 3, ...unsigned(offset)]

/** A function without a result. Its parameters are integers, numbered from 0, then come integer locals and then 128-bit ones. */
export interface WasmFunction {
  readonly name: string
  readonly parameters: number
  readonly integers: number
  readonly vectors: number
  readonly body: Code
}

/** A module's memory: its own of at least so many bytes, which it exports, or one that is given to it. */
type ModuleMemory = number | 'given' | 'shared'

/** A module of these functions, exported, and one memory. */
function moduleBytes(functions: readonly WasmFunction[], memory: ModuleMemory): Uint8Array<ArrayBuffer> {
  const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
  const name = (text: string): Code => vector([...text].map((letter) => [letter.charCodeAt(0)]))
  const [i32Type, v128Type] = [0x7f, 0x7b]
  const typeOf = ({ parameters }: WasmFunction): Code => [0x60, ...vector(new Array<Code>(parameters).fill([i32Type])), 0]
  const codeOf = ({ integers, vectors, body }: WasmFunction): Code => {
    const locals = vector([
      [...unsigned(integers), i32Type],
      [...unsigned(vectors), v128Type]
    ])
    const code = [...locals, ...body, 0x0b]
    return [...unsigned(code.length), ...code]
  }
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic and version
    ...section(1, vector(functions.map(typeOf))),
    ...(typeof memory === 'number' ? [] : section(2, vector([[...name('given'), ...name('memory'), 0x02, ...limits[memory]]]))),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...(typeof memory === 'number' ? section(5, vector([[0x00, ...unsigned(Math.ceil(memory / pageBytes))]])) : []),
    ...section(
      7,
      vector([
        ...functions.map((each, index) => [...name(each.name), 0x00, ...unsigned(index)]),
        ...(typeof memory === 'number' ? [[...name('memory'), 0x02, 0]] : [])
      ])
    ),
    ...section(10, vector(functions.map(codeOf)))
  ])
}

export const pageBytes = 1 << 16
/** Pages of 4 GiB. */
const mostPages = 1 << 16
/** How small a memory that is given may be; of one that several threads reach, also how large. */
const limits = { given: [0x00, 0], shared: [0x03, 0, ...unsigned(mostPages)] } as const

/** What an instance gives: its functions by name, and its memory, whose buffer is another one after it has grown. */
export interface WasmInstance {
  readonly functions: Readonly<Record<string, (...parameters: number[]) => void>>
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number }
}

/** Compiles functions; null where this machine's V8 has no 128-bit instructions. Each call of the result makes an instance with a memory of its own, or null where there is no room. */
export function compileWasm(functions: readonly WasmFunction[], memoryBytes: number): (() => WasmInstance | null) | null {
  const made = attempt(() => new WebAssembly.Module(moduleBytes(functions, memoryBytes)))
  if (made === null) return null
  return () =>
    attempt(() => {
      // The module declares exactly these.
      const exports = new WebAssembly.Instance(made).exports as WasmInstance['functions'] & Pick<WasmInstance, 'memory'>
      return { functions: exports, memory: exports.memory }
    })
}

/** Memory that such functions and the machine's own code both reach: it never grows, so it never moves. Most of it is 4 GiB. */
export interface GivenMemory {
  /** Of memory that other threads reach, V8 makes a SharedArrayBuffer: views and addresses of it are had in the same way. */
  readonly buffer: ArrayBuffer
}

/** Memory of at least so many bytes, all zero and not taken up before it is touched; null where there is no room for it. `shared`: other threads reach it, too. */
export function giveMemory(bytes: number, shared = false): GivenMemory | null {
  const pages = Math.ceil(bytes / pageBytes)
  return attempt(() => new WebAssembly.Memory({ initial: pages, maximum: pages, shared }))
}

/** Functions over a memory that is given to them. */
export interface FunctionsOver {
  /** What another thread makes an instance of. */
  readonly module: object
  readonly over: (memory: GivenMemory) => WasmInstance['functions']
}

/** Compiles functions over a memory that is given to them, a shared one or not; null where this machine's V8 has no 128-bit instructions. */
export function compileOver(functions: readonly WasmFunction[], memory: 'given' | 'shared' = 'given'): FunctionsOver | null {
  const module = attempt(() => new WebAssembly.Module(moduleBytes(functions, memory)))
  if (module === null) return null
  // The module declares exactly these.
  return {
    module,
    over: (memory) => new WebAssembly.Instance(module, { given: { memory } }).exports as WasmInstance['functions']
  }
}

function attempt<T>(make: () => T): T | null {
  try {
    return make()
  } catch {
    return null
  }
}
