import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startOwnedProcess } from '../src/boot/services/owned-process.ts'
import { whenParentEnds } from '../src/boot/services/parent-watch.ts'
import { ensureRedisBinary } from '../src/boot/services/redis-binary.ts'
import { SetupError } from '../src/boot/services/setup-error.ts'

// `npm test`: the checks of `npm run check`, then every test; arguments go to vitest. The last line counts.

const root = path.resolve(import.meta.dirname, '..')
const bin = path.join(root, 'node_modules/.bin')
const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` }
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ['biome', 'check', '--max-diagnostics=10', '.'],
  ['tsc', '--noEmit'],
  // What runs in a browser knows the browser.
  ['tsc', '--noEmit', '-p', 'examples/storefront'],
  ['knip'],
]

interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

let interruptedBy: NodeJS.Signals | undefined
let current: Awaited<ReturnType<typeof startOwnedProcess>> | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruptedBy = signal
    // Ctrl-C reaches the child directly, which is in our process group; only the others have to be passed on.
    if (signal !== 'SIGINT') current?.signal('SIGTERM')
  })
}
if (process.env.npm_lifecycle_event) {
  whenParentEnds(() => {
    interruptedBy = 'SIGTERM'
    current?.signal('SIGTERM')
  })
}
process.exitCode = await main()

async function main(): Promise<number> {
  try {
    ensureRedisBinary(console.log)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(error.message)
    return report({ passed: 0, failed: 1, skipped: 0 })
  }
  const failedChecks: string[] = []
  for (const [name, ...args] of CHECKS) {
    if (interruptedBy || !existsSync(path.join(bin, name))) continue
    if ((await run(name, args)) !== 0) failedChecks.push(name)
  }
  const { passed, failed, skipped } = await runTests()
  for (const name of failedChecks) console.error(`The check ${name} failed; what it said is above.`)
  return report({ passed, failed: failed + failedChecks.length, skipped })
}

async function runTests(): Promise<Tally> {
  if (interruptedBy) return { passed: 0, failed: 1, skipped: 0 }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-report-'))
  const results = path.join(folder, 'results.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
    const code = await run('vitest', ['run', ...reporters, ...process.argv.slice(2)], folder)
    const tally = readTally(results)
    // A test file that cannot be loaded, or an error outside of any test, fails the run without a failed test.
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(program: string, args: readonly string[], scratch?: string): Promise<number> {
  current = await startOwnedProcess({
    name: program,
    command: process.execPath,
    args: [realpathSync(path.join(bin, program)), ...args],
    cwd: root,
    env,
    stdout: 'inherit',
    stderr: 'inherit',
    sameGroup: true,
    ...(scratch === undefined ? {} : { removeWhenOrphaned: scratch }),
  })
  const { code } = await current.exited
  return code ?? 1
}

function readTally(file: string): Tally {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'))
  const count = (name: string) => (typeof report[name] === 'number' ? report[name] : 0)
  return {
    passed: count('numPassedTests'),
    failed: count('numFailedTests'),
    skipped: count('numPendingTests') + count('numTodoTests'),
  }
}

function report({ passed, failed, skipped }: Tally): number {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  if (interruptedBy) return 130
  return failed > 0 ? 1 : 0
}
