/**
 * Something the person at the keyboard can put right: its message is one clear sentence that says what and how.
 * Whoever catches it prints the message alone, without a stack trace, and ends with exit code 1.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'
}
