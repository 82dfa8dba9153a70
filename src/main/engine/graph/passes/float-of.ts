/** The number of a float attribute; NaN where there is none. */
export const floatOf = (attribute: unknown): number =>
  typeof attribute === 'object' && attribute !== null && 'float' in attribute ? Number(attribute.float) : NaN
