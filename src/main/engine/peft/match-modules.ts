/**
 * Whether a module is named, by PEFT's own rule (`check_target_module_exists`): a text is a regular expression that must match the whole path;
 * a list holds whole paths or endings after a dot (`query` matches `…self.query`).
 */
export function matchesModules(path: string, modules: string | readonly string[]): boolean {
  if (typeof modules === 'string') return new RegExp(`^(?:${modules})$`).test(path)
  return modules.some((name) => path === name || path.endsWith(`.${name}`))
}
