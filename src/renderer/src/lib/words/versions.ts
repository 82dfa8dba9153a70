import { count } from '../format.ts'

export const versions = {
  switch: 'Version of these data',
  option: (version: number, of: number, note: string | null) =>
    `Version ${count(version)} of ${count(of)}: ${note ?? 'the file as it was opened'}`,
  badge: (version: number) => `version ${count(version)}`
}
