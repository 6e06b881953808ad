import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startOwnedProcess } from '../../src/boot/services/owned-process.ts'
import { whenParentEnds } from '../../src/boot/services/parent-watch.ts'
import { type Mutant, mutants } from './table.ts'

// `npm run mutants`: takes each protection away, one at a time, and runs the tests that should notice.

const usage = `npm run mutants -- [options]
  --only TEXT     mutants whose name, invariant or file contains it (default: all)
  --since REV     mutants of which the protection, or a test that should notice, has changed since then
  --at-most N     no more than N of them: which ones follows from the commit, so that every one has its turn
  --tries N       how often the tests may miss a protection before it counts as a survivor (default: 2)
  --list          only say which there are`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    since: { type: 'string' },
    'at-most': { type: 'string' },
    tries: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

type Verdict = { mutant: Mutant; noticedBy: string[]; seconds: number }

const root = path.resolve(import.meta.dirname, '../..')
const parts = ['src', 'queues', 'workers', 'migrations', 'sandbox', 'test', 'bench']
const files = ['package.json', 'tsconfig.json', 'vitest.config.ts']
let interrupted = false
let current: Awaited<ReturnType<typeof startOwnedProcess>> | undefined
const stop = () => {
  interrupted = true
  current?.signal('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
if (process.env.npm_lifecycle_event) whenParentEnds(stop)

if (values.help) console.log(usage)
else process.exitCode = await main()

async function main(): Promise<number> {
  const wanted = chosen()
  if (values.list) {
    for (const { name, invariant, file } of wanted) console.log(`${invariant.padEnd(4)} ${name} (${file})`)
    return 0
  }
  if (wanted.length === 0) {
    console.log('No mutant is touched by this change.')
    return 0
  }
  const copy = mkdtempSync(path.join(os.tmpdir(), 'ordermill-mutants-'))
  try {
    for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true })
    for (const file of files) cpSync(path.join(root, file), path.join(copy, file))
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    return await runAll(copy, wanted)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function chosen(): Mutant[] {
  const { only, since } = values
  const changed = since === undefined ? undefined : changedSince(since)
  const wanted = mutants.filter(
    ({ name, invariant, file, tests }) =>
      (only === undefined || [name, invariant, file].some((text) => text.includes(only))) &&
      (changed === undefined || [file, ...tests].some((touched) => changed.has(touched))),
  )
  return values['at-most'] === undefined ? wanted : drawn(wanted, Number(values['at-most']))
}

/** A large change touches nearly all: the draw of its commit keeps continuous integration short. */
function drawn(wanted: readonly Mutant[], atMost: number): Mutant[] {
  if (wanted.length <= atMost) return [...wanted]
  const commit = git('rev-parse', 'HEAD').trim()
  console.log(`This change touches ${wanted.length} mutants; ${atMost} of them are tried, drawn by the commit.`)
  const place = ({ name }: Mutant) => createHash('sha256').update(`${commit} ${name}`).digest('hex')
  return wanted.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, atMost)
}

function changedSince(revision: string): ReadonlySet<string> {
  return new Set(git('diff', '--name-only', revision).split('\n').filter(Boolean))
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' })
}

async function runAll(copy: string, wanted: readonly Mutant[]): Promise<number> {
  const verdicts: Verdict[] = []
  for (const [index, mutant] of wanted.entries()) {
    const verdict = await judge(copy, mutant)
    if (interrupted) return 130
    verdicts.push(verdict)
    const [first, ...others] = verdict.noticedBy
    const end =
      first === undefined ? 'SURVIVED' : `noticed by "${first}"${others.length > 0 ? ` +${others.length}` : ''}`
    console.log(`${index + 1}/${wanted.length} ${mutant.invariant} ${mutant.name}: ${end} (${verdict.seconds} s)`)
  }
  const survivors = verdicts.filter(({ noticedBy }) => noticedBy.length === 0)
  for (const { mutant } of survivors) console.error(`Survived: ${mutant.name} (${mutant.file})`)
  console.log(`${verdicts.length - survivors.length} of ${verdicts.length} mutants were noticed`)
  return survivors.length > 0 ? 1 : 0
}

/** A test that drives a race may miss it once; one that misses it every time protects nothing. */
async function judge(copy: string, mutant: Mutant): Promise<Verdict> {
  const from = performance.now()
  const target = path.join(copy, mutant.file)
  const original = readFileSync(target, 'utf8')
  writeFileSync(target, mutate(original, mutant))
  let noticedBy: string[] = []
  try {
    for (let tried = 0; tried < Number(values.tries) && noticedBy.length === 0 && !interrupted; tried += 1)
      noticedBy = await failingTests(copy, mutant.tests)
  } finally {
    writeFileSync(target, original)
  }
  return { mutant, noticedBy, seconds: Math.round((performance.now() - from) / 1_000) }
}

/** @throws Error for a protection that is not where the table says it is */
function mutate(source: string, { name, file, protection, becomes }: Mutant): string {
  if (!source.includes(protection)) throw new Error(`${name}: ${file} does not contain ${protection}`)
  return source.replaceAll(protection, () => becomes)
}

async function failingTests(copy: string, tests: readonly string[]): Promise<string[]> {
  const results = path.join(copy, 'results.json')
  rmSync(results, { force: true })
  current = await startOwnedProcess({
    name: 'vitest',
    command: process.execPath,
    args: [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--reporter=json', `--outputFile=${results}`, '--bail=1', ...tests],
    ],
    cwd: copy,
    env: process.env,
    stdout: 'ignore',
    stderr: 'ignore',
    sameGroup: true,
  })
  const { code } = await current.exited
  if (interrupted || code === 0) return []
  return failuresIn(readFileSync(results, 'utf8'))
}

type Report = { testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[] }

/** A file that does not even load notices, too: its set-up is where the protection stood. */
function failuresIn(json: string): string[] {
  const { testResults } = JSON.parse(json) as Report
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  )
  return failed.length > 0 ? failed : testResults.map(({ name }) => path.basename(name))
}
