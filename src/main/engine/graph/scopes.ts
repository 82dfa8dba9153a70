const suffix = '/grad'

/** Where the nodes go that make the gradients of a module's inputs. */
export const gradientScope = (module: string): string => `${module}${suffix}`

export const isGradientScope = (scope: string): boolean => scope.endsWith(suffix)

const again = '/recomputed'

/** Where the nodes go that make a module's values a second time for the backward pass. */
export const recomputedScope = (module: string): string => `${module}${again}`

export const isRecomputedScope = (scope: string): boolean => scope.endsWith(again)
