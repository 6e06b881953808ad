import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { endLeftover, removeProcessRecord, writeProcessRecord } from './process-record.ts'
import { SetupError } from './setup-error.ts'

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface OwnedProcess {
  readonly pid: number
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** Resolves, never rejects, when the process has ended. */
  readonly exited: Promise<ExitStatus>
  running(): boolean
  signal(signal: NodeJS.Signals): void
  /** Asks it to end with each of `signals` in turn, waiting `graceMs` after each, then kills it. */
  stop(options?: { signals?: readonly NodeJS.Signals[]; graceMs?: number }): Promise<ExitStatus>
}

export interface OwnedProcessOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  readonly stdout?: 'ignore' | 'inherit' | 'pipe' | number
  readonly stderr?: 'ignore' | 'inherit' | 'pipe' | number
  /** Stay in our process group, so that the terminal's Ctrl-C reaches it directly. */
  readonly sameGroup?: boolean
  /** The signal that makes it end in order when we die. */
  readonly stopSignal?: NodeJS.Signals
  /** A file to note the process in, so that the next start finds it if everything else failed. */
  readonly record?: string
  /** A folder to delete after the process, should we die before doing it ourselves. */
  readonly removeWhenOrphaned?: string
}

/**
 * The watchdog of one process: a shell that waits on a pipe from us. The kernel closes the pipe however we die,
 * SIGKILL included; the shell then ends the process and tidies up. A megabyte of memory, no polling.
 */
const WATCHDOG = `
IFS= read -r word
[ "$word" = released ] && exit 0
kill -s "$2" "$1" 2>/dev/null
waited=0
while kill -0 "$1" 2>/dev/null && [ "$waited" -lt 100 ]; do
  case "$(cat "/proc/$1/stat" 2>/dev/null)" in *") Z "*) break ;; esac
  sleep 0.1
  waited=$((waited + 1))
done
kill -s KILL "$1" 2>/dev/null
[ -n "$3" ] && rm -rf "$3"
exit 0
`

/**
 * Starts a process that cannot outlive this one. It gets a process group of its own (unless `sameGroup`): Ctrl-C in
 * the terminal then reaches only us, and we stop our processes in order.
 */
export async function startOwnedProcess(options: OwnedProcessOptions): Promise<OwnedProcess> {
  const stopSignal = options.stopSignal ?? 'SIGTERM'
  if (options.record) await endLeftover(options.record, options.name, stopSignal)
  const stdio: StdioOptions = ['ignore', options.stdout ?? 'ignore', options.stderr ?? 'ignore']
  const child = spawn(options.command, [...options.args], {
    stdio,
    detached: !options.sameGroup,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  })
  child.on('error', () => {})
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  await once(child, 'spawn').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SetupError(`${options.name} could not be started: ${reason}.`)
  })
  const pid = child.pid ?? 0
  const release = watch(pid, stopSignal, options.removeWhenOrphaned)
  const { record } = options
  if (record) writeProcessRecord(record, pid)
  exited.then(() => {
    release()
    if (record) removeProcessRecord(record, pid)
  })
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    running: () => isRunning(child),
    signal: (signal) => {
      if (isRunning(child)) child.kill(signal)
    },
    stop: async ({ signals = [stopSignal], graceMs = 10_000 } = {}) => {
      for (const signal of signals) {
        if (isRunning(child)) child.kill(signal)
        if (await endsWithin(exited, graceMs)) return await exited
      }
      child.kill('SIGKILL')
      return await exited
    },
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Starts the watchdog of `pid` and returns the function that sends it home once the process has ended. */
function watch(pid: number, stopSignal: NodeJS.Signals, removeFolder = ''): () => void {
  const args = ['-c', WATCHDOG, 'ordermill-watchdog', String(pid), stopSignal.slice(3), removeFolder]
  const dog = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' })
  dog.on('error', () => {})
  dog.stdin.on('error', () => {})
  dog.unref()
  if (dog.stdin instanceof Socket) dog.stdin.unref()
  return () => dog.stdin.end('released\n')
}

async function endsWithin(exited: Promise<ExitStatus>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController()
  const ended = await Promise.race([
    exited.then(() => true),
    delay(timeoutMs, false, { signal: timer.signal }).catch(() => false),
  ])
  timer.abort()
  return ended
}
