import type { Emulator } from '../emulator.ts'
import { easypostSignature } from '../signatures.ts'
import { easypostRoutes } from './easypost.ts'

export const easypost: Emulator = {
  kinds: ['shipments', 'labels', 'trackers'],
  secret: 'easypost_sandbox',
  secretVariable: 'EASYPOST_WEBHOOK_SECRET',
  sign: easypostSignature,
  start: (world) => ({ routes: easypostRoutes(world) }),
}
