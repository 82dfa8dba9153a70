import fc from 'fast-check'

/**
 * Property tests draw anew on every run here, and the same in CI, where a run must mean the same tomorrow. A seed of one's own:
 * ATTUNE_FUZZ_SEED=12345 npm test.
 */
const given = process.env['ATTUNE_FUZZ_SEED'] ?? (process.env['CI'] ? '20261123' : undefined)
if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) })
