/** Element types that may cross the port, by their ONNX names. */
export type ElementType =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'bool'

/** The typed array that holds an element type on the host. 16-bit floats travel as their bits; bool as 0 or 1. */
export type HostData =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>

/** A tensor in host memory: a batch input, or a small result. */
export interface HostTensor {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly data: HostData
}

/**
 * Memory that programs read and write in place: weights, gradients, optimizer state. It lives where the provider computes, with DirectML in host memory.
 * A view shares its parent's memory.
 */
export interface StateTensor {
  readonly type: ElementType
  readonly shape: readonly number[]
  /** Number of elements. */
  readonly size: number
  /** The elements themselves where they lie in the host's memory. Not to be touched while a run that uses them is under way. */
  readonly elements?: HostData
  /** The same memory from element `offset` on, seen with `shape`. Views of one (offset, shape) are cheap to ask for again and again. */
  view(offset: number, shape: readonly number[]): StateTensor
  /** Copies `data` in at element `offset` (default 0). Types must agree. */
  write(data: HostData, offset?: number): Promise<void>
  /** Copies `length` elements (default: all from `offset`) out. */
  read(offset?: number, length?: number): Promise<HostData>
  /** Sets every element to zero. */
  clear(): Promise<void>
}

/** A stretch of consecutive elements of a state tensor. */
export interface Piece {
  readonly offset: number
  readonly size: number
}

/** A constant of a model whose values lie in a file of the spec's folder: what its external data says, for those who put one copy of it in memory. */
export interface StoredConstant {
  /** Of the graph's value. */
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  /** Name of the file, and bytes in it. */
  readonly location: string
  readonly offset: number
  readonly length: number
}

export interface ProgramSpec {
  /** For messages and profiles; never the name of a person's model. */
  readonly name: string
  /** A serialized ONNX ModelProto. Its external data, if any, names files inside `folder`. */
  readonly model: Uint8Array
  readonly folder?: string
  /** Contents of initializers that the model declares as external data without there being such a file, by their names. */
  readonly initializers?: Readonly<Record<string, HostTensor>>
  /** The external data again. Programs that name the same bytes share one copy of them where the runtime can (docs/decisions/0056). */
  readonly constants?: readonly StoredConstant[]
  /** Extra session configuration entries (ONNX Runtime keys), values as strings. */
  readonly config?: Readonly<Record<string, string>>
  /** Whether the program goes over state and nothing else. Where state lies in host memory (DirectML), it computes there. Default false. */
  readonly isOfState?: boolean
  /** Where to write a profile (a file prefix); off when absent. */
  readonly profile?: string
  /** Whether constants are repacked for the processor's matrix product (faster for small batches, a second copy in memory). Default false. */
  readonly prepack?: boolean
  /** Whether the library rewrites the graph as it does for other programs (its level "all"); our own graphs arrive optimised. Default false. */
  readonly optimise?: boolean
}

export interface RunRequest {
  readonly inputs: Readonly<Record<string, HostTensor | StateTensor>>
  /** Outputs written straight into state. A state may be input and output of one run: the program must allow it (graph/verify). */
  readonly outputs?: Readonly<Record<string, StateTensor>>
  /** Outputs to bring back as host tensors. The runtime computes the whole graph whatever is asked for. */
  readonly fetch?: readonly string[]
  /** Bytes of intermediate values that the run will hold at once, where known: what `Runtime` keeps its pool of memory in shape with. */
  readonly need?: number
  /** Ends the run early; `run` then rejects with a StoppedError. */
  readonly signal?: AbortSignal
}

/** A loaded graph. Runs of one program are made one after another. */
export interface Program {
  readonly name: string
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(request: RunRequest): Promise<Readonly<Record<string, HostTensor>>>
  /** Ends profiling and returns the profile's path, if the program was loaded with one. */
  endProfile(): Promise<string | undefined>
  dispose(): Promise<void>
}

/** Memory of the host in which several states lie, where more than the runtime works on them. */
export interface HostRoom {
  readonly buffer: ArrayBuffer
  /** Where so many bytes begin that nothing else has, at the start of a cache line. */
  readonly take: (bytes: number) => number
}

/** What the engine knows of a runtime. Beneath it: the library's C API, or onnxruntime-node's binding. */
export interface Runtime {
  readonly kind: 'c-api' | 'binding'
  readonly provider: Provider
  /** Version of ONNX Runtime, e.g. `1.30.0`. */
  readonly version: string
  readonly threads: number
  /** What matrix products of a model are computed in (graph/passes/mix-precision.ts). */
  readonly precision: Precision
  /**
   * New state, all zero. `pieces` are the stretches that its views will be of: a provider whose memory cannot be entered in the middle (WebGPU) keeps each of
   * them apart and refuses other views; without `pieces` the whole is one. Others take any view. State of the host lies in `room`, where one is given; other
   * state pays no heed to it.
   */
  allocate(type: ElementType, shape: readonly number[], pieces?: readonly Piece[], room?: HostRoom): StateTensor
  load(spec: ProgramSpec): Promise<Program>
  /** Gives memory that is kept for intermediate values back to the system, as far as no run uses it. */
  trim(): Promise<void>
  dispose(): Promise<void>
}

export interface RuntimeOptions {
  /** Threads used by one run. */
  readonly threads: number
  /** Forces one of the two; by default the C API where its self-test passes, else the binding. */
  readonly kind?: 'c-api' | 'binding'
  /** Where programs compute; `cpu` by default. */
  readonly provider?: Provider
  /** Of `cuda`: the library to load in place of the one that Attune brings. A process loads one library. */
  readonly pack?: CudaPack
  /** Of `cuda`: whether products of float32 may use TF32, which keeps 10 of their 23 bits; default false. */
  readonly tf32?: boolean
  /** What matrix products of a model are computed in; `float32` by default. */
  readonly precision?: Precision
  /** Further options of the provider under the library's own names, before Attune's: for measurements. */
  readonly providerOptions?: Readonly<Record<string, string>>
  /** Refuses programs of which some node would be computed on the CPU; default false. */
  readonly isStrict?: boolean
}

export type Precision = 'float32' | 'bf16' | 'fp16'

export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'directml'

/** A complete build of ONNX Runtime with the CUDA provider, and NVIDIA's libraries beside it. */
export interface CudaPack {
  /** `libonnxruntime.so.1.30.0`; the providers' libraries lie in the same folder. */
  readonly library: string
  /** NVIDIA's runtime libraries, in the order in which they need each other. */
  readonly needs: readonly string[]
}
