import type { Emulator } from '../emulator.ts'
import { printfulSignature } from '../signatures.ts'
import { printfulRoutes } from './printful.ts'

export const printful: Emulator = {
  kinds: ['orders'],
  secret: '7072696e7466756c5f73616e64626f78',
  secretVariable: 'PRINTFUL_WEBHOOK_SECRET',
  sign: printfulSignature,
  start: (world) => ({ routes: printfulRoutes(world) }),
}
