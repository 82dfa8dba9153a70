import { messageOf } from '../../../base/errors.ts'
import { elementTypeOf } from '../element-types.ts'
import type { ProgramSpec } from '../port.ts'
import { sessionEntries } from '../session-entries.ts'
import type { Signature, Slot } from '../signature.ts'
import { addressOf, callAsync, checkStatus, PointerArray, textAt } from './api.ts'
import type { Library } from './api.ts'
import type { Environment } from './environment.ts'
import { GivenInitializers } from './given-initializers.ts'
import { appendProvider, type DeviceProvider } from './provider.ts'

/** Room for what small calls return, reused because making a buffer costs more than the call. Only for calls on JavaScript's own thread. */
const scratch = new PointerArray(1)
const lengths = new PointerArray(32)

/** A loaded graph inside the library. */
export interface Session {
  readonly pointer: number
  readonly signature: Signature
}

export interface SessionOptions {
  readonly environment: Environment
  readonly threads: number
  /** Null for the CPU alone. */
  readonly provider: DeviceProvider | null
  /** OrtValues that take the place of the model's constants, by their names. Their memory outlives the session. */
  readonly constants?: ReadonlyMap<string, number> | undefined
}

/** GraphOptimizationLevel ORT_DISABLE_ALL: our graphs arrive optimised, and merging equal nodes would undo recomputation (design §4.2). */
const optimizationOff = 0
/** ORT_ENABLE_ALL, what the library does unless it is told otherwise: for models made for other programs. */
const optimizationAll = 99

/**
 * Parses and prepares a model on another thread.
 * @throws Error that names the program and says what the library refused.
 */
export async function createSession(library: Library, options: SessionOptions, spec: ProgramSpec): Promise<Session> {
  const { api } = library
  const out = new PointerArray(1)
  const model = new Uint8Array(spec.model) // A copy: the caller may change its bytes while the parser reads on another thread.
  const given = new GivenInitializers(library, spec.initializers ?? {})
  let settings = 0
  try {
    settings = createSettings(library, options, spec)
    given.addTo(settings)
    const where = addressOf(model.buffer)
    await callAsync(
      api,
      [model, out, given],
      api.CreateSessionFromArray,
      options.environment.pointer,
      where,
      model.length,
      settings,
      out.address
    )
    return { pointer: out.get(0), signature: readSignature(library, out.get(0), spec.name) }
  } catch (error) {
    if (out.get(0) !== 0) api.ReleaseSession(out.get(0))
    throw new Error(`The program "${spec.name}" could not be loaded: ${messageOf(error)}`, { cause: error })
  } finally {
    if (settings !== 0) api.ReleaseSessionOptions(settings)
    given.release()
  }
}

function createSettings(
  library: Library,
  { environment, threads, provider, constants }: SessionOptions,
  spec: ProgramSpec
): number {
  const { api } = library
  const out = new PointerArray(1)
  checkStatus(api, api.CreateSessionOptions(out.address))
  const settings = out.get(0)
  try {
    checkStatus(api, api.SetSessionGraphOptimizationLevel(settings, spec.optimise === true ? optimizationAll : optimizationOff))
    checkStatus(api, api.DisableMemPattern(settings))
    const entries: Record<string, string> = { 'session.use_env_allocators': '1', ...sessionEntries(spec) }
    if (environment.shared && threads === environment.threads && entries['session.use_per_session_threads'] !== '1')
      checkStatus(api, api.DisablePerSessionThreads(settings))
    else checkStatus(api, api.SetIntraOpNumThreads(settings, threads))
    for (const [key, value] of Object.entries(entries)) checkStatus(api, api.AddSessionConfigEntry(settings, key, value))
    for (const [name, value] of constants ?? []) checkStatus(api, api.AddInitializer(settings, name, value))
    if (provider !== null) appendProvider(library, settings, provider)
    if (spec.profile !== undefined) checkStatus(api, api.EnableProfiling(settings, nativePath(spec.profile)))
    return settings
  } catch (error) {
    api.ReleaseSessionOptions(settings)
    throw error
  }
}

/** A path as the library's ORTCHAR_T: UTF-16 on Windows, bytes elsewhere. */
function nativePath(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(`${path}\0`, process.platform === 'win32' ? 'utf16le' : 'utf8'))
}

function readSignature(library: Library, session: number, program: string): Signature {
  const { api } = library
  const out = new PointerArray(1)
  const read = (count: typeof api.SessionGetInputCount, name: typeof count, type: typeof count): Slot[] => {
    checkStatus(api, count(session, out.address))
    return Array.from({ length: out.get(0) }, (_, index) => {
      checkStatus(api, name(session, index, library.allocator, out.address))
      const text = takeText(library, out.get(0))
      checkStatus(api, type(session, index, out.address))
      const info = out.get(0)
      try {
        return { name: text, ...readType(library, info, text) }
      } finally {
        api.ReleaseTypeInfo(info)
      }
    })
  }
  return {
    program,
    inputs: read(api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo),
    outputs: read(api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo)
  }
}

function readType({ api }: Library, typeInfo: number, name: string): Pick<Slot, 'type' | 'dimensions'> {
  const out = new PointerArray(1)
  checkStatus(api, api.CastTypeInfoToTensorInfo(typeInfo, out.address))
  if (out.get(0) === 0) throw new Error(`"${name}" is not a tensor`)
  const info = out.get(0)
  const shape = readShape(api, info)
  const names = new PointerArray(shape.length)
  checkStatus(api, api.GetSymbolicDimensions(info, names.address, shape.length))
  const code = new PointerArray(1) // Zero at first: the type is an int and fills only half of it.
  checkStatus(api, api.GetTensorElementType(info, code.address))
  const type = elementTypeOf(code.get(0))
  if (type === undefined)
    throw new Error(`"${name}" has an element type that cannot leave the library (ONNX number ${code.get(0)})`)
  const dimensions = shape.map((length, axis) => (length >= 0 ? length : textAt(names.get(axis)) || undefined))
  return { type, dimensions }
}

/** Shape of an OrtTensorTypeAndShapeInfo; unknown lengths are -1. */
export function readShape(api: Library['api'], info: number): number[] {
  checkStatus(api, api.GetDimensionsCount(info, scratch.address))
  const rank = scratch.get(0)
  checkStatus(api, api.GetDimensions(info, lengths.address, rank))
  return Array.from({ length: rank }, (_, axis) => lengths.getSigned(axis))
}

/** Reads a text that the library allocated, and frees it. */
export function takeText({ api, allocator }: Library, pointer: number): string {
  const text = textAt(pointer)
  checkStatus(api, api.AllocatorFree(allocator, pointer))
  return text
}
