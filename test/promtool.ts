import { execFileSync } from 'node:child_process'

/**
 * Whether Prometheus' own tool is installed: without it nobody can say what its rules do. In CI its absence is a failure, so there it
 * is said to be.
 */
export function hasPromtool(): boolean {
  if (process.env.CI) return true
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('Nothing is asked of Prometheus, because promtool is not installed (package prometheus).')
    return false
  }
}
