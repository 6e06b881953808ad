import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from './setup-error.ts'

const NAMES = ['redis-server', 'valkey-server', 'keydb-server'] as const

function findRedisBinary(searchPath: string): string | undefined {
  const folders = searchPath.split(path.delimiter).filter(Boolean)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return candidates.find(isExecutable)
}

/**
 * A Redis-compatible server program. Root on Debian or Ubuntu gets the distribution's package installed when there is
 * none; everybody else gets a SetupError with the three ways to get one.
 */
export function ensureRedisBinary(
  say: (line: string) => void,
  { searchPath = process.env.PATH ?? '', root = process.getuid?.() === 0 } = {},
): string {
  const found = findRedisBinary(searchPath) ?? (root ? installRedis(say) : undefined)
  if (found) return found
  throw new SetupError(
    'Ordermill needs a Redis server and found none: install the package redis-server (or valkey), ' +
      'or set REDIS_URL to one that runs, ' +
      'or start one with "docker run -d -p 6379:6379 redis:7" and set REDIS_URL=redis://127.0.0.1:6379.',
  )
}

function installRedis(say: (line: string) => void): string | undefined {
  if (!existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) return undefined
  say('Redis is missing: installing the package redis-server with apt-get')
  if (!apt('install', '-y', '--no-install-recommends', 'redis-server')) {
    apt('update')
    if (!apt('install', '-y', '--no-install-recommends', 'redis-server')) return undefined
  }
  stopDistributionService()
  return findRedisBinary('/usr/bin:/usr/local/bin:/bin')
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('/usr/bin/apt-get', ['-q', ...args], { env, stdio: 'ignore', timeout: 180_000 }).status === 0
}

/** The package starts a server of its own on port 6379; there was none before, so there is none afterwards. */
function stopDistributionService(): void {
  const [command, ...args] = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', 'redis-server.service']
    : ['service', 'redis-server', 'stop']
  try {
    execFileSync(command ?? 'service', args, { stdio: 'ignore', timeout: 30_000 })
  } catch {
    // Where services are not started at all (most containers) there is none to stop.
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
