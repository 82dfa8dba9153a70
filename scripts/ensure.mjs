// Installs what is missing, and nothing else.
import { ensureInstalled } from './lib/ensure.mjs'

ensureInstalled()
