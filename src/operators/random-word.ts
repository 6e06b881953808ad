import { randomInt } from 'node:crypto'

// Without letters and digits that are mistaken for each other when a word is read aloud.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A word that nobody can guess: almost five random bits a letter. */
export const randomWord = (length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
