import { MemoryError, messageOf } from '../../base/errors.ts'

/**
 * How the library, its providers and JavaScript say that the memory asked for is not there: the arena and the system's allocator on the processor (`std::bad_alloc`;
 * Microsoft's C++ says `bad allocation`), CUDA with cuBLAS and cuDNN, Dawn, and V8 for its own buffers.
 */
const allocation =
  /failed to allocate memory|smaller than requested bytes|bad_alloc|bad allocation|out of memory|outofmemory|_ALLOC_FAILED|array buffer allocation failed/i

/** The error of a program's run, with its name: a `MemoryError` where memory was not to be had. */
export function runError(program: string, cause: unknown): Error {
  const message = `The program "${program}" failed: ${messageOf(cause).trim()}`
  return isAllocationFailure(cause) ? new MemoryError(message, { cause }) : new Error(message, { cause })
}

/** Whether something that was thrown says that the memory asked for is not there. */
export const isAllocationFailure = (error: unknown): boolean => error instanceof MemoryError || allocation.test(messageOf(error))
