import { z } from 'zod'
import { parser } from '../parse.ts'

export const deviceId = parser(z.enum(['cpu', 'cuda', 'webgpu']))
/** Grams of CO2e to a kilowatt-hour: from what a dam emits to more than any coal plant does. */
export const gramsPerKilowattHour = parser(z.number().positive().max(5000).nullable())
