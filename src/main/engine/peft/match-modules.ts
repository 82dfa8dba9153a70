/**
 * Whether a module is named, by PEFT's own rule (`check_target_module_exists`): a text is a regular expression that must match the whole path;
 * a list holds whole paths or endings after a dot (`query` matches `…self.query`).
 */
export function matchesModules(path: string, modules: string | readonly string[]): boolean {
  if (typeof modules === 'string') return new RegExp(`^(?:${modules})$`).test(path)
  return modules.some((name) => path === name || path.endsWith(`.${name}`))
}

/** Whether a tensor belongs to one of the named modules, or to a module inside one: `query` holds `…self.query.lora_A.weight`. */
export function isInModules(tensor: string, modules: string | readonly string[]): boolean {
  const parts = tensor.split('.')
  return parts.some((_, i) => matchesModules(parts.slice(0, i + 1).join('.'), modules))
}
