import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const LEVELS: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }
const WARN = 40
const REPEAT_AFTER_MS = 5_000

/**
 * What of a child's log line a person at the console should read: pino lines from level warn up as
 * `warn  message`, undefined for the others. A line that is not JSON is `plain` text of the program itself.
 */
export function noteworthy(line: string): string | undefined {
  const entry = parse(line)
  if (!entry) return undefined
  const level = typeof entry.level === 'string' ? LEVELS[entry.level] : entry.level
  if (typeof level !== 'number' || level < WARN) return undefined
  const name = level >= 60 ? 'fatal' : level >= 50 ? 'error' : 'warn'
  const { err } = entry
  const cause = typeof err === 'object' && err !== null && 'message' in err ? `: ${String(err.message)}` : ''
  return `${name.padEnd(5)} ${String(entry.msg ?? '')}${cause}`
}

/** Calls `each` for every line of a stream. */
export function eachLine(stream: Readable | null, each: (line: string) => void): void {
  if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', each)
}

/** Wraps `print` so that a line that was printed less than five seconds ago is not printed again. */
export function withoutRepeats(print: (line: string) => void): (line: string) => void {
  const printedAt = new Map<string, number>()
  return (line) => {
    const now = performance.now()
    if (now - (printedAt.get(line) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return
    if (printedAt.size > 200) printedAt.clear()
    printedAt.set(line, now)
    print(line)
  }
}

/** True for a line that a logger wrote, as against text that a program printed. */
export function isLogEntry(line: string): boolean {
  return parse(line) !== undefined
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
