/**
 * Where each function stands in `struct OrtApi`, counted in onnxruntime_c_api.h of API version 29. The struct only ever grows at its end, so the
 * numbers hold for every later version; the self-test proves them for the library at hand.
 */
export const apiVersion = 29

/** Pointers, sizes and statuses are all 64-bit unsigned: JavaScript numbers, exact because user-space addresses stay below 2^53. */
type Kind = 'uint64' | 'int' | 'str' | 'void *'

interface Entry {
  readonly index: number
  readonly result: 'uint64' | 'int' | 'void'
  readonly parameters: readonly Kind[]
}

/** A function that returns an OrtStatus: 0, or a pointer to release. */
function status(index: number, ...parameters: Kind[]): Entry {
  return { index, result: 'uint64', parameters }
}

function release(index: number): Entry {
  return { index, result: 'void', parameters: ['uint64'] }
}

const pointer = 'uint64'
const size = 'uint64'

export const apiTable = {
  GetErrorMessage: { index: 2, result: 'uint64', parameters: [pointer] },
  DisableTelemetryEvents: status(6, pointer),
  CreateSessionFromArray: status(8, pointer, pointer, size, pointer, pointer),
  Run: status(9, pointer, pointer, pointer, pointer, size, pointer, size, pointer),
  CreateSessionOptions: status(10, pointer),
  EnableProfiling: status(14, pointer, 'void *'),
  DisableMemPattern: status(17, pointer),
  EnableCpuMemArena: status(18, pointer),
  DisableCpuMemArena: status(19, pointer),
  SetSessionGraphOptimizationLevel: status(23, pointer, 'int'),
  SetIntraOpNumThreads: status(24, pointer, 'int'),
  SessionGetInputCount: status(30, pointer, pointer),
  SessionGetOutputCount: status(31, pointer, pointer),
  SessionGetInputTypeInfo: status(33, pointer, size, pointer),
  SessionGetOutputTypeInfo: status(34, pointer, size, pointer),
  SessionGetInputName: status(36, pointer, size, pointer, pointer),
  SessionGetOutputName: status(37, pointer, size, pointer, pointer),
  CreateRunOptions: status(39, pointer),
  RunOptionsSetTerminate: status(46, pointer),
  RunOptionsUnsetTerminate: status(47, pointer),
  CreateMemoryInfo: status(68, 'str', 'int', 'int', 'int', pointer),
  CreateTensorWithDataAsOrtValue: status(49, pointer, pointer, size, pointer, size, 'int', pointer),
  GetTensorMutableData: status(51, pointer, pointer),
  CastTypeInfoToTensorInfo: status(55, pointer, pointer),
  GetTensorElementType: status(60, pointer, pointer),
  GetDimensionsCount: status(61, pointer, pointer),
  GetDimensions: status(62, pointer, pointer, size),
  GetSymbolicDimensions: status(63, pointer, pointer, size),
  GetTensorTypeAndShape: status(65, pointer, pointer),
  CreateCpuMemoryInfo: status(69, 'int', 'int', pointer),
  AllocatorAlloc: status(75, pointer, size, pointer),
  AllocatorFree: status(76, pointer, pointer),
  GetAllocatorWithDefaultOptions: status(78, pointer),
  ReleaseStatus: release(93),
  ReleaseMemoryInfo: release(94),
  ReleaseSession: release(95),
  ReleaseValue: release(96),
  ReleaseRunOptions: release(97),
  ReleaseTypeInfo: release(98),
  ReleaseTensorTypeAndShapeInfo: release(99),
  ReleaseSessionOptions: release(100),
  SessionEndProfiling: status(110, pointer, pointer, pointer),
  CreateEnvWithGlobalThreadPools: status(119, 'int', 'str', pointer, pointer),
  DisablePerSessionThreads: status(120, pointer),
  CreateThreadingOptions: status(121, pointer),
  ReleaseThreadingOptions: release(122),
  AddSessionConfigEntry: status(130, pointer, 'str', 'str'),
  CreateAllocator: status(131, pointer, pointer, pointer),
  ReleaseAllocator: release(132),
  CreateAndRegisterAllocator: status(144, pointer, pointer, pointer),
  SetGlobalIntraOpNumThreads: status(147, pointer, 'int'),
  SetGlobalInterOpNumThreads: status(148, pointer, 'int'),
  SetGlobalSpinControl: status(149, pointer, 'int'),
  AddInitializer: status(150, pointer, 'str', pointer),
  CreateArenaCfg: status(156, size, 'int', 'int', 'int', pointer),
  ReleaseArenaCfg: release(157),
  AddRunConfigEntry: status(165, pointer, 'str', 'str'),
  AddExternalInitializers: status(210, pointer, pointer, pointer, size),
  AppendCudaProvider: status(204, pointer, pointer),
  CreateCudaProviderOptions: status(205, pointer),
  UpdateCudaProviderOptions: status(206, pointer, pointer, pointer, size),
  ReleaseCudaProviderOptions: release(208),
  AppendProvider: status(216, pointer, 'str', pointer, pointer, size)
} as const satisfies Readonly<Record<string, Entry>>
