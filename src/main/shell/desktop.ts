/** Why no browser can be opened on this machine's own screen; null where nothing is known against it. */
export function screenProblem(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform
): 'remote' | 'no-screen' | null {
  const isSet = (name: string): boolean => (env[name] ?? '') !== ''
  const hasScreen = isSet('DISPLAY') || isSet('WAYLAND_DISPLAY')
  // A session from afar: a window would open where nobody sits, unless the screen was sent along.
  if ((isSet('SSH_CONNECTION') || isSet('SSH_TTY')) && !hasScreen) return 'remote'
  const needsScreen = platform !== 'win32' && platform !== 'darwin' && platform !== 'android'
  return needsScreen && !hasScreen ? 'no-screen' : null
}

/** How to reach a page of this machine from another one, in one line. */
export function reachLine(port: number, user: string, machine: string): string {
  return `This machine has no screen to show it on. From another: ssh -L ${port}:127.0.0.1:${port} ${user}@${machine}, then open the address there.`
}
