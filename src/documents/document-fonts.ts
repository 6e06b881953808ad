import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font, type GlyphRun } from 'fontkit'

export type Weight = 'regular' | 'bold'

/** A font with the characters it can show. */
export type Face = { font: Font; covers(codePoint: number): boolean }

/** The fonts of documents, each read when the first character needs it. */
export type DocumentFonts = {
  /** The face for a character; the one before stays as long as it can. */
  faceFor(codePoint: number, weight: Weight, before?: Face): Face
}

// Latin, Greek and Cyrillic first: whatever two fonts share is set in it.
const families: readonly Record<Weight, string>[] = [
  {
    regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/almarai/400Regular/Almarai_400Regular.ttf',
    bold: '@expo-google-fonts/almarai/700Bold/Almarai_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf',
    bold: '@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans-thai/700Bold/NotoSansThai_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/gothic-a1/400Regular/GothicA1_400Regular.ttf',
    bold: '@expo-google-fonts/gothic-a1/700Bold/GothicA1_700Bold.ttf',
  },
  // The simplified characters that Japanese and Korean do without, in the one weight there is.
  {
    regular: '@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf',
    bold: '@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf',
  },
]

const mostLayouts = 5_000

/**
 * Has a font lay out each text once: a document measures what it writes several times, and documents share their words. Whoever asked may
 * change the positions, as PDFKit does.
 */
function rememberLayouts(font: Font): void {
  const layout = font.layout.bind(font)
  const known = new Map<string, GlyphRun>()
  font.layout = (text, features, ...more) => {
    if (!Array.isArray(features) || features.length > 0 || more.length > 0) return layout(text, features, ...more)
    const run = known.get(text) ?? layout(text, features)
    if (known.size >= mostLayouts) known.clear()
    known.set(text, run)
    const positions = run.positions.map((position) => ({ ...position }))
    return Object.assign(Object.create(Object.getPrototypeOf(run)), run, { positions })
  }
}

/** Made once per process; a font takes some megabytes of memory from its first character on. */
export function createDocumentFonts(): DocumentFonts {
  const require = createRequire(import.meta.url)
  const faces = new Map<string, Face>()
  const load = (file: string): Face => {
    const known = faces.get(file)
    if (known) return known
    const font = create(readFileSync(require.resolve(file)))
    if (!('layout' in font)) throw new Error(`${file} is no single font`)
    rememberLayouts(font)
    const characters = new Set(font.characterSet)
    const face = { font, covers: (codePoint: number) => characters.has(codePoint) }
    faces.set(file, face)
    return face
  }
  return {
    faceFor(codePoint, weight, before) {
      if (before?.covers(codePoint)) return before
      for (const family of families) {
        const face = load(family[weight])
        if (face.covers(codePoint)) return face
      }
      // Shown as the empty box of the first font.
      return before ?? load(families[0]?.[weight] ?? '')
    },
  }
}
