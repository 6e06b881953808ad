import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from './boot/services/ports.ts'
import { processIdentity } from './boot/services/process-identity.ts'
import { waitFor } from './boot/services/wait-for.ts'

const START = path.join(import.meta.dirname, 'start.ts')
const SERVER = `
import http from 'node:http'
http.createServer((request, reply) => {
  if (request.url === '/crash') process.exit(3)
  reply.end(process.env.DATABASE_URL)
}).listen(Number(process.env.PORT_OF_THIS), '127.0.0.1')
`
/** Stand-ins for the application's programs: what is tested here is only who starts and stops them, and when. */
const PROGRAMS = {
  'package.json': '{"type":"module"}',
  'src/boot/migrate.ts': '',
  'sandbox/main.ts': SERVER.replace('PORT_OF_THIS', 'SANDBOX_PORT'),
  'src/main.ts': SERVER.replace('PORT_OF_THIS', 'PORT'),
  'workers/all.ts': 'setInterval(() => {}, 1000)',
  'src/demo.ts': `console.log('demo of', process.env.ORDERMILL_URL)`,
}

let folder: string
let port: number
let sandboxPort: number
let running: ChildProcess | undefined
let output = ''

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-start-'))
  // As root, the unprivileged user of Postgres has to pass through.
  chmodSync(folder, 0o711)
  for (const [file, text] of Object.entries(PROGRAMS)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  port = await freePort()
  sandboxPort = await freePort()
})
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGTERM')
    await once(running, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Without what the environment of the test run says; the ports are given so that several runs do not meet. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, PORT: String(port), SANDBOX_PORT: String(sandboxPort) }
}

/** Runs start.ts in the folder, as npm does. */
function start(extra: NodeJS.ProcessEnv = {}): ChildProcess {
  const env = { ...environment(), ...extra }
  const child = spawn(process.execPath, [START], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  running = child
  return child
}

async function started(): Promise<void> {
  const ended = () => {
    if (running?.exitCode !== null) throw new Error(`It ended early:\n${output}`)
    return output.includes('Ordermill is running')
  }
  await waitFor('the start', ended, { timeoutMs: 25_000 })
}

/** The process ids of everything that was started. */
function pids(): number[] {
  const files = readdirSync(path.join(folder, '.ordermill/run')).map((name) => path.join('run', name))
  return [...files, 'postgres/process.json', 'redis/process.json'].map(
    (file) => JSON.parse(readFileSync(path.join(folder, '.ordermill', file), 'utf8')).pid,
  )
}

const alive = (pid: number) => processIdentity(pid) !== undefined
const ask = async (route: string) => await (await fetch(`http://127.0.0.1:${port}${route}`)).text()

test('Ctrl-C stops everything in order and exits 0; the next start finds the data and runs no demo again', async () => {
  const first = start()
  await started()
  expect(output).toContain(`demo of http://127.0.0.1:${port}`)
  const processes = pids()
  expect(processes.filter(alive)).toHaveLength(6)
  const password = new URL(await ask('/')).password

  first.kill('SIGINT')
  // npm passes the terminal's Ctrl-C on: the same one arrives twice and must not count as the second.
  first.kill('SIGINT')
  expect(await once(first, 'exit')).toEqual([0, null])
  expect(processes.filter(alive)).toEqual([])

  start()
  await started()
  expect(output).not.toContain('demo of')
  expect(new URL(await ask('/')).password).toBe(password)
})

test('whoever kills the supervisor leaves nothing running, and the next start works at once', async () => {
  const first = start()
  await started()
  const processes = pids()
  first.kill('SIGKILL')
  await once(first, 'exit')
  // On the same ports, which the processes left behind may hold for another moment.
  start()
  await started()
  expect(processes.filter(alive)).toEqual([])
})

test('it stops when npm is killed, which passes no signal on through its shell', async () => {
  const env = { ...environment(), npm_lifecycle_event: 'start' }
  const options = { cwd: folder, env, stdio: 'ignore' } as const
  // The second command keeps the shell from replacing itself by the first.
  const shell = spawn('/bin/sh', ['-c', '"$1" "$2"; exit 0', 'sh', process.execPath, START], options)
  const marker = path.join(folder, '.ordermill/initialized')
  await waitFor('the start', () => existsSync(marker), { timeoutMs: 25_000 })
  const processes = pids()
  expect(processes.filter(alive)).toHaveLength(6)
  shell.kill('SIGKILL')
  await waitFor('the end of everything', () => !processes.some(alive), { timeoutMs: 12_000 })
})

test('a program that dies is started again', async () => {
  start()
  await started()
  await ask('/crash').catch(() => {})
  await waitFor('the restart', () => ask('/').catch(() => undefined), { timeoutMs: 10_000 })
  expect(output).toContain('api ended unexpectedly and is started again')
})

test('a second start on the same data is refused in one sentence', async () => {
  const first = start()
  await started()
  const [code] = await once(start({ PORT: '', SANDBOX_PORT: '' }), 'exit')
  running = first
  expect(code).toBe(1)
  await waitFor('the sentence', () => output.trim() !== '')
  expect(output.trim().split('\n')).toEqual([
    `Ordermill of this data folder is already in use by process ${first.pid}: stop that one first, or set DATA_DIR to another folder.`,
  ])
})

test('in production it refuses, names the Procfile and starts nothing', async () => {
  const [code] = await once(start({ NODE_ENV: 'production' }), 'exit')
  expect(code).toBe(1)
  await waitFor('the sentence', () => output.includes('Procfile'))
  expect(existsSync(path.join(folder, '.ordermill'))).toBe(false)
})
