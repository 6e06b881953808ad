import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const msPerTick = 10

type Stat = { parent: number; ownMs: number; reapedMs: number }

function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const at = (field: number) => Number(fields[field - 3])
    return { parent: at(4), ownMs: (at(14) + at(15)) * msPerTick, reapedMs: (at(16) + at(17)) * msPerTick }
  } catch {
    return undefined
  }
}

/**
 * CPU milliseconds that each process with its living and its reaped children has used so far, by the name it is given.
 * A server such as Postgres works in children; those that ended are in the parent's count. Zero where there is no /proc.
 */
export function cpuOf(roots: Readonly<Record<string, readonly (number | undefined)[]>>): Record<string, number> {
  const stats = new Map<number, Stat>()
  const children = new Map<number, number[]>()
  for (const entry of process.platform === 'linux' ? readdirSync('/proc') : []) {
    const pid = Number(entry)
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined
    if (!stat) continue
    stats.set(pid, stat)
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid])
  }
  const tree = (pid: number): number => {
    const stat = stats.get(pid)
    if (!stat) return 0
    return stat.ownMs + stat.reapedMs + (children.get(pid) ?? []).reduce((sum, child) => sum + tree(child), 0)
  }
  return Object.fromEntries(
    Object.entries(roots).map(([name, pids]) => [
      name,
      pids.reduce<number>((sum, pid) => sum + (pid === undefined ? 0 : tree(pid)), 0),
    ]),
  )
}

/** CPU milliseconds of this process, without its children. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
