import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const msPerTick = 10

type Stat = { parent: number; cpu: Cpu }

/** CPU milliseconds: all of it, and the part spent inside the kernel. */
export type Cpu = { all: number; kernel: number }

function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const at = (field: number) => Number(fields[field - 3])
    const kernel = (at(15) + at(17)) * msPerTick
    return { parent: at(4), cpu: { all: (at(14) + at(16)) * msPerTick + kernel, kernel } }
  } catch {
    return undefined
  }
}

/**
 * CPU milliseconds that each process with its living and its reaped children has used so far, by the name it is given.
 * A server such as Postgres works in children; those that ended are in the parent's count. Zero where there is no /proc.
 */
export function cpuOf(roots: Readonly<Record<string, readonly (number | undefined)[]>>): Record<string, Cpu> {
  const stats = new Map<number, Stat>()
  const children = new Map<number, number[]>()
  for (const entry of process.platform === 'linux' ? readdirSync('/proc') : []) {
    const pid = Number(entry)
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined
    if (!stat) continue
    stats.set(pid, stat)
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid])
  }
  const tree = (pid: number): Cpu[] => {
    const stat = stats.get(pid)
    return stat ? [stat.cpu, ...(children.get(pid) ?? []).flatMap(tree)] : []
  }
  return Object.fromEntries(
    Object.entries(roots).map(([name, pids]) => {
      const parts = pids.flatMap((pid) => (pid === undefined ? [] : tree(pid)))
      const sum = (part: (cpu: Cpu) => number) => parts.reduce((total, cpu) => total + part(cpu), 0)
      return [name, { all: sum(({ all }) => all), kernel: sum(({ kernel }) => kernel) }]
    }),
  )
}

/** CPU of this process, without its children. */
export function ownCpu(): Cpu {
  const { user, system } = process.cpuUsage()
  return { all: (user + system) / 1_000, kernel: system / 1_000 }
}
