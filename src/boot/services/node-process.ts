import { closeSync, writeSync } from 'node:fs'
import path from 'node:path'
import { eachLine, isLogEntry, noteworthy, withoutRepeats } from './console-lines.ts'
import { openLog } from './log-file.ts'
import { type OwnedProcess, startOwnedProcess } from './owned-process.ts'

export interface NodeProcessOptions {
  readonly name: string
  /** The TypeScript file to run, relative to `root`. */
  readonly entry: string
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /**
   * DATA_DIR: the log goes to `logs/<name>.log` below it, the note of the process to `run/<name>.json`, what was compiled to `compiled`,
   * which halves the time of every later start.
   */
  readonly dataDir: string
  readonly print: (line: string) => void
  /** Print everything the program prints, instead of warnings and errors only. */
  readonly talkative?: boolean
}

export interface NodeProcess extends OwnedProcess {
  /** The last lines of its output, oldest first. */
  lastLines(): readonly string[]
}

/** Runs one of the application's own programs: everything it says goes to its log, what matters to the console. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<NodeProcess> {
  const { name, dataDir, print } = options
  const owned = await startOwnedProcess({
    name,
    command: process.execPath,
    args: [path.join(options.root, options.entry)],
    cwd: options.root,
    env: { NODE_COMPILE_CACHE: path.join(path.resolve(dataDir), 'compiled'), ...options.env },
    stdout: 'pipe',
    stderr: 'pipe',
    record: path.join(dataDir, 'run', `${name}.json`),
  })
  const log = openLog(path.join(dataDir, 'logs', `${name}.log`))
  const recent: string[] = []
  const show = options.talkative ? print : withoutRepeats((line) => print(`${name} | ${line}`))
  const take = (fromStderr: boolean) => (line: string) => {
    writeSync(log, `${line}\n`)
    recent.push(line)
    if (recent.length > 20) recent.shift()
    const note = noteworthy(line)
    if (note) show(note)
    else if (!isLogEntry(line) && (fromStderr || options.talkative)) show(line)
  }
  eachLine(owned.stdout, take(false))
  eachLine(owned.stderr, take(true))
  const drained = Promise.all([closed(owned.stdout), closed(owned.stderr)]).then(() => closeSync(log))
  // Its last words, often the very error it died of, may still be in the pipe when the process has ended.
  const exited = owned.exited.then(async (status) => {
    await drained
    return status
  })
  return { ...owned, exited, lastLines: () => recent }
}

async function closed(stream: NodeJS.EventEmitter | null): Promise<void> {
  if (stream) await new Promise<void>((resolve) => stream.once('close', () => resolve()))
}
