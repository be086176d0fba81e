/**
 * A text in its search form: every search folds its input and its data with this one function.
 *
 * Phones type `’` where records have `'`, people leave accents out, and names are pasted with ligatures and long dashes. So case,
 * accents, apostrophes, quotes and full stops do not count, and a dash is a blank. `ano` finds `año`, too: English keyboards have
 * no ñ. Folding is only for searching: two texts that fold alike are not the same name.
 */
export function folded(text: string): string {
  return (
    text
      // The acute accent that people type for an apostrophe would become a blank.
      .replaceAll('´', "'")
      .normalize('NFKD')
      .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
      .toLowerCase()
      .replaceAll(/[ßæœøłđðþıς]/g, (letter) => letters[letter] ?? letter)
      .replaceAll(/['"`‘’‚‛“”„‟‹›«»′″ʹʺʻʼʽˈ.]/g, '')
      .replaceAll(/[\p{Pd}\u2212\s]+/gu, ' ')
      .trim()
  )
}

/** The words of a search, folded; none for an empty search. */
export function wordsSought(text: string): string[] {
  return folded(text).split(' ').filter(Boolean)
}

/** Letters that Unicode does not decompose. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
