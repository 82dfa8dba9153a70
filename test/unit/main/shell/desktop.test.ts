import { describe, expect, test } from 'vitest'
import { reachLine, screenProblem } from '../../../../src/main/shell/desktop.ts'

describe('a screen to open a browser on', () => {
  test.each([
    [{ DISPLAY: ':0' }, 'linux', null],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', null],
    [{}, 'linux', 'no-screen'],
    [{ DISPLAY: '' }, 'freebsd', 'no-screen'],
    [{ SSH_CONNECTION: '10.0.0.2 5 10.0.0.1 22' }, 'linux', 'remote'],
    [{ SSH_CONNECTION: '10.0.0.2 5 10.0.0.1 22', DISPLAY: 'localhost:10.0' }, 'linux', null],
    [{ SSH_TTY: '/dev/pts/1' }, 'darwin', 'remote'],
    [{}, 'darwin', null],
    [{}, 'win32', null]
  ] as const)('%j on %s: %s', (env, platform, wanted) => {
    expect(screenProblem(env, platform)).toBe(wanted)
  })

  test('says in one line how a page of this machine is reached from another', () => {
    expect(reachLine(40123, 'ada', 'engine')).toMatch(/^[^\n]*ssh -L 40123:127\.0\.0\.1:40123 ada@engine[^\n]*$/)
  })
})
