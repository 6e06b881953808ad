import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Stage } from './stage.ts'

const root = path.resolve(import.meta.dirname, '..')
const finding = /^(?:missing_here|missing_there|amount_differs|not_cleared): /

/**
 * What `npm run audit` finds: one line per disagreement between the ledger and the provider's own books, and one for each currency in which
 * something is unexplained. `seconds` is how long it took, with its start.
 */
export async function auditBooks(stage: Pick<Stage, 'env'>): Promise<{ problems: string[]; seconds: number }> {
  const startedAt = Date.now()
  const child = spawn(process.execPath, ['src/boot/audit-command.ts', '--grace-minutes', '0'], {
    cwd: root,
    env: stage.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code] = await once(child, 'close')
  const lines = said.trim().split('\n')
  if (![0, 1].includes(code) || !lines.some((line) => line.includes('unexplained')))
    throw new Error(`npm run audit ended with ${code}: ${said}`)
  return {
    problems: lines.filter((line) => finding.test(line) || /unexplained (?!0$)\S+$/.test(line)),
    seconds: (Date.now() - startedAt) / 1_000,
  }
}
