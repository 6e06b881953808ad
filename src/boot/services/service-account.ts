import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { SetupError } from './setup-error.ts'

/** The unprivileged user that runs a server on behalf of root. */
export interface ServiceAccount {
  readonly uid: number
  readonly gid: number
}

/**
 * Postgres refuses to run as root. Returns who runs it instead: the owner of a database that is already there, else
 * the system's `postgres` user, else `nobody`; undefined when we are not root and run it ourselves.
 */
export function serviceAccount(existingOwner?: ServiceAccount): ServiceAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existingOwner && existingOwner.uid !== 0) return existingOwner
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (account) return account
  throw new SetupError(
    'Postgres does not run as root and there is neither a postgres nor a nobody user here: ' +
      'start Ordermill as an ordinary user, or set DATABASE_URL.',
  )
}

function findAccount(name: string): ServiceAccount | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid && Number(uid) > 0 ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Asks the kernel, as that user, whether `target` passes the shell's file test `-r`, `-w` or `-x`. */
export function accountCan(account: ServiceAccount, test: '-r' | '-w' | '-x', target: string): boolean {
  return spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', target], { ...account, cwd: '/' }).status === 0
}
