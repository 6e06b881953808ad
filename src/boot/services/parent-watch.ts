/**
 * Calls `gone` once when the process that started this one has ended. npm runs a script through a shell and passes
 * signals on to that shell only: a `kill` of npm ends the shell and would leave the script running unattended.
 */
export function whenParentEnds(gone: () => unknown): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    gone()
  }, 500)
  timer.unref()
}
