const suffix = '/grad'

/** Where the nodes go that make the gradients of a module's inputs. */
export const gradientScope = (module: string): string => `${module}${suffix}`

export const isGradientScope = (scope: string): boolean => scope.endsWith(suffix)
