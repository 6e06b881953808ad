import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  binariesIn,
  makeSystemFolder,
  type PostgresBinaries,
  postgresBinaries,
  SYSTEM_FOLDER,
} from './postgres-binaries.ts'
import { processCommand } from './process-identity.ts'
import { accountCan, type ServiceAccount, serviceAccount } from './service-account.ts'
import { SetupError } from './setup-error.ts'

/** A database folder on disk that is ready to be served: who serves it, with what, and the superuser's password. */
export interface PostgresCluster {
  readonly folder: string
  readonly data: string
  readonly password: string
  readonly account: ServiceAccount | undefined
  readonly binaries: PostgresBinaries
}

export interface ClusterOptions {
  readonly dataDir: string
  readonly user: string
  readonly durable: boolean
  /** The folder of another Postgres' programs. */
  readonly programs: string | undefined
  readonly say: (line: string) => void
}

/**
 * Finds the database in `dataDir`, or makes one there. Root cannot serve a database itself: then the folder belongs
 * to an unprivileged user, and lies under /var/lib/ordermill when that user cannot reach `dataDir`, where the file
 * LOCATION then says so.
 */
export async function prepareCluster(options: ClusterOptions): Promise<PostgresCluster> {
  const { folder, account } = locate(path.resolve(options.dataDir), options.say)
  const binaries = options.programs ? binariesIn(options.programs) : postgresBinaries(account, options.say)
  const data = path.join(folder, 'data')
  const passwordFile = path.join(folder, 'password')
  if (!existsSync(path.join(data, 'PG_VERSION'))) {
    await createCluster({ ...options, folder, data, passwordFile, account, binaries })
  }
  const major = Number(readFileSync(path.join(data, 'PG_VERSION'), 'utf8'))
  if (major !== binaries.major) {
    throw new SetupError(
      `The database in ${data} was made by Postgres ${major} and this Ordermill brings Postgres ${binaries.major}: ` +
        `dump it with the old version, move ${data} away, start again and restore the dump.`,
    )
  }
  if (!existsSync(passwordFile)) throw new SetupError(`The database in ${data} lost its password file ${passwordFile}.`)
  forgetDeadPostmaster(data)
  return { folder, data, password: readFileSync(passwordFile, 'utf8').trim(), account, binaries }
}

function locate(dataDir: string, say: (line: string) => void): { folder: string; account: ServiceAccount | undefined } {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const pointer = path.join(dataDir, 'LOCATION')
  if (existsSync(pointer)) {
    const folder = readFileSync(pointer, 'utf8').trim()
    if (!existsSync(folder)) throw new SetupError(`${pointer} says that the database is in ${folder}, which is gone.`)
    return { folder, account: serviceAccount(ownerOf(folder)) }
  }
  const account = serviceAccount(ownerOf(path.join(dataDir, 'data')))
  if (!account) {
    chmodSync(dataDir, 0o700)
    return { folder: dataDir, account }
  }
  if (accountCan(account, '-x', path.dirname(dataDir))) {
    makePrivate(dataDir, account)
    return { folder: dataDir, account }
  }
  const folder = path.join(SYSTEM_FOLDER, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  if (existsSync(folder)) {
    // Somebody deleted the data folder in order to begin anew. A database is never deleted here, only moved aside.
    const old = `${folder}.${Date.now()}.old`
    renameSync(folder, old)
    say(`An earlier database of this folder was moved to ${old}`)
  }
  makeSystemFolder()
  mkdirSync(folder)
  makePrivate(folder, account)
  writeFileSync(pointer, `${folder}\n`)
  say(`The database is kept in ${folder}, because the user that runs Postgres cannot reach ${dataDir}`)
  return { folder, account }
}

function ownerOf(folder: string): ServiceAccount | undefined {
  if (!existsSync(folder)) return undefined
  const { uid, gid } = statSync(folder)
  return { uid, gid }
}

function makePrivate(folder: string, account: ServiceAccount): void {
  chmodSync(folder, 0o700)
  chownSync(folder, account.uid, account.gid)
}

interface NewCluster extends ClusterOptions {
  readonly folder: string
  readonly data: string
  readonly passwordFile: string
  readonly account: ServiceAccount | undefined
  readonly binaries: PostgresBinaries
}

async function createCluster(cluster: NewCluster): Promise<void> {
  writeFileSync(cluster.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 })
  if (cluster.account) chownSync(cluster.passwordFile, cluster.account.uid, cluster.account.gid)
  // initdb works in a folder of its own that is renamed when complete: a start cut short leaves no half database.
  const unfinished = `${cluster.data}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const args = [
    ...['--pgdata', unfinished, '--username', cluster.user, '--pwfile', cluster.passwordFile],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
    ...(cluster.durable ? [] : ['--no-sync']),
  ]
  try {
    const env = postgresEnv()
    await promisify(execFile)(cluster.binaries.initdb, args, { cwd: cluster.folder, env, ...cluster.account })
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new SetupError(`A database could not be made in ${cluster.folder}: ${output.split('\n').at(-1)}`)
  }
  renameSync(unfinished, cluster.data)
}

/**
 * A killed Postgres leaves its postmaster.pid behind. Postgres itself sees through that, except when its old number
 * now belongs to another process of the same user, as happens in containers: only then the file is removed.
 * A Postgres that somebody else started here and that still runs is refused.
 */
function forgetDeadPostmaster(data: string): void {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  const command = processCommand(pid)
  if (!command) return
  if (command.includes(data)) {
    throw new SetupError(`The database in ${data} is already served by process ${pid}, which Ordermill did not start.`)
  }
  rmSync(file, { force: true })
}

/** Nothing of our environment but the path: PGPORT, PGDATA, LC_ALL and the like must not reach the server. */
export function postgresEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
