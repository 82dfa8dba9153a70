import type { PrivacyCheck } from '../../../src/preload/contract/app.ts'

const check = (id: string, claim: string, how: string, found: string): PrivacyCheck => ({
  id,
  claim,
  how,
  checkedAt: '2026-11-25T10:00:00Z',
  result: 'holds',
  found
})

const CHECKS: readonly PrivacyCheck[] = [
  check(
    'connections',
    'Attune speaks to nothing but this machine.',
    'Reads the list of connections that the system keeps for Attune and the trainers that it started.',
    '2 on this machine (127.0.0.1), 0 elsewhere.'
  ),
  check(
    'listening',
    'Attune answers no other program.',
    'Reads which ports this system keeps open for Attune and the trainers that it started, and holds them against those that it was to open.',
    'No port is open.'
  ),
  check(
    'runtime-telemetry',
    'The computing library tells nobody that it was used.',
    'Reads the switch in this process and in each that it started. The library is not loaded without it.',
    'The switch is set in this process and in 1 that it started.'
  ),
  check(
    'native-libraries',
    'Foreign libraries stay silent.',
    'Reads which functions of the system each native library can call, and looks for the address of an uploader.',
    '5 libraries: libonnxruntime.so.1, onnxruntime_binding.node, linux-x64.node, koffi.node, tokenizers.linux-x64-gnu.node. Able to: libonnxruntime.so.1 (socket, connect, getaddrinfo). libonnxruntime.so.1 holds an uploader of its maker; it is switched off.'
  ),
  check(
    'build',
    'The program has no code that calls out.',
    'Searches every file of the built program for modules that reach a network.',
    '41 files searched; found: nothing.'
  ),
  check(
    'files',
    'Everything is written into the one data folder.',
    'Compares each file that is open for writing, here and in every trainer, with the data folder.',
    '12 are open for writing, all within.'
  )
]

/** What the checks of the promise found; with `isLeaking` a connection elsewhere. */
export function privacyChecks(isLeaking: boolean): readonly PrivacyCheck[] {
  if (!isLeaking) return CHECKS
  return CHECKS.map((each) =>
    each.id === 'connections' ? { ...each, result: 'fails', found: '2 on this machine (127.0.0.1), 1 elsewhere.' } : each
  )
}
