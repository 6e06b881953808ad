import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

const ROTATE_AT_BYTES = 10 * 1024 * 1024

/** Opens a log for appending; one that has grown past 10 MB becomes `<file>.1` first. The caller closes it. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > ROTATE_AT_BYTES) {
    rmSync(`${file}.1`, { force: true })
    renameSync(file, `${file}.1`)
  }
  return openSync(file, 'a', 0o600)
}

/** The last lines of a log, at most 16 kB of them; those after byte `from` when given. */
export function lastLogLines(file: string, count: number, from = 0): string[] {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const start = Math.max(from, size - 16 * 1024)
  if (size <= start) return []
  const buffer = Buffer.alloc(size - start)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, buffer, 0, buffer.length, start)
  } finally {
    closeSync(descriptor)
  }
  return buffer.toString('utf8').split('\n').filter(Boolean).slice(-count)
}
