import { z } from 'zod'
import { parser } from '../parse.ts'

export const deviceId = parser(z.enum(['cpu', 'cuda', 'webgpu', 'directml']))
/** Grams of CO2e to a kilowatt-hour: from what a dam emits to more than any coal plant does. */
export const gridIntensity = parser(z.strictObject({ grams: z.number().positive().max(5000).nullable() }))
