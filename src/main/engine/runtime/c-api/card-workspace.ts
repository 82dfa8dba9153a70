/** The variable that cuBLAS reads, and two pieces of 4,096 KiB and eight of 16 KiB, which PyTorch gives it on cards before NVIDIA's Hopper. */
const [name, pieces] = ['CUBLAS_WORKSPACE_CONFIG', ':4096:2:16:8']

/**
 * Has cuBLAS keep less of the card for each session: 10 instead of 65 MiB on an H200, and a run has many sessions (`docs/decisions/0048`).
 * Called before the library is loaded. What the person has set stays.
 */
export function keepWorkspacesSmall(environment: Record<string, string | undefined>): void {
  environment[name] ??= pieces
}
