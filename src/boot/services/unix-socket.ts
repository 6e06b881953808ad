import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

/** What fits into a socket's address on Linux and macOS, its closing zero not counted. */
const longestPath = 103

/** Whether a socket of this path can be made. */
export const fitsSocket = (file: string): boolean => Buffer.byteLength(file) <= longestPath

/** Removes the sockets, and their locks, of servers that were killed. */
export function forgetSockets(folder: string, name: RegExp): void {
  for (const file of readdirSync(folder)) if (name.test(file)) rmSync(path.join(folder, file), { force: true })
}
