import type { Emulator } from '../emulator.ts'
import { bonumSignature } from '../signatures.ts'
import { Bonum, bonumRoutes } from './bonum.ts'
import { bonumPages } from './pages.ts'

export const bonum: Emulator = {
  kinds: ['invoices', 'logins'],
  secret: 'bonum_sandbox',
  secretVariable: 'BONUM_CHECKSUM_KEY',
  sign: bonumSignature,
  start(world) {
    const played = new Bonum(world)
    return { routes: [...bonumRoutes(world, played), ...bonumPages(played)] }
  },
}
