import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { processIdentity } from './process-identity.ts'
import { SetupError } from './setup-error.ts'
import { waitFor } from './wait-for.ts'

interface ProcessRecord {
  readonly pid: number
  readonly identity: string
  readonly owner: number
  readonly ownerIdentity: string
}

/** Notes in `file` that the process `pid` runs and that this process started it. */
export function writeProcessRecord(file: string, pid: number): void {
  const record: ProcessRecord = {
    pid,
    identity: processIdentity(pid) ?? '',
    owner: process.pid,
    ownerIdentity: processIdentity(process.pid) ?? '',
  }
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(record))
  renameSync(`${file}.new`, file)
}

/** Removes the note, unless a later process has written its own there. */
export function removeProcessRecord(file: string, pid: number): void {
  if (readRecord(file)?.pid === pid) rmSync(file, { force: true })
}

/**
 * Makes sure that the process noted in `file` does not run: one whose owner died without stopping it is stopped here.
 * Throws a SetupError when its owner is alive: then it is in use.
 */
export async function endLeftover(file: string, what: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const record = readRecord(file)
  if (!record) return
  if (!runs(record)) {
    rmSync(file, { force: true })
    return
  }
  if (processIdentity(record.owner) === record.ownerIdentity) {
    throw new SetupError(
      `${what} of this data folder is already in use by process ${record.owner}: ` +
        'stop that one first, or set DATA_DIR to another folder.',
    )
  }
  process.kill(record.pid, signal)
  await waitFor(`The end of ${what}`, () => !runs(record), { timeoutMs: 10_000 }).catch(async () => {
    process.kill(record.pid, 'SIGKILL')
    await waitFor(`The end of ${what}`, () => !runs(record), { timeoutMs: 5_000 })
  })
  rmSync(file, { force: true })
}

function runs(record: ProcessRecord): boolean {
  return record.identity !== '' && processIdentity(record.pid) === record.identity
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null) return false
  const { pid, identity, owner, ownerIdentity } = value as Record<string, unknown>
  return (
    Number.isInteger(pid) &&
    Number.isInteger(owner) &&
    typeof identity === 'string' &&
    typeof ownerIdentity === 'string'
  )
}
