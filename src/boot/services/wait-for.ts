import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks `probe` every `everyMs` until it returns something other than undefined or false, and returns that.
 * Throws when `timeoutMs` have passed; what the probe throws ends the wait at once.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 10_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`)
    await delay(everyMs)
  }
}
