import type { ServingStatus } from '../../../../../preload/contract/serving.ts'

/** A call in three lines that works as it is pasted: for `cmd` on Windows, for every other shell elsewhere. `platform`: as Node names it, `win32-x64`. */
export function exampleOf(
  { address, token, pairs, asks }: Pick<ServingStatus, 'address' | 'token' | 'pairs' | 'asks'>,
  platform: string
): string {
  const rows = asks ? { text: 'A text.', question: 'A question?' } : { text: 'A text.', pair: 'Another.' }
  const body = JSON.stringify(asks || pairs ? { rows: [rows] } : { texts: ['A text.'] })
  const isWindows = platform.startsWith('win32')
  const quoted = isWindows ? `"${body.replaceAll('"', '\\"')}"` : `'${body}'`
  const more = isWindows ? ' ^' : ' \\'
  return [
    `curl ${address}/v1/predict${more}`,
    `  -H "Authorization: Bearer ${token}" -H "Content-Type: application/json"${more}`,
    `  -d ${quoted}`
  ].join('\n')
}
