/** The forms a language needs: English has `one` and `other`, Spanish also `many`. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

/** Chooses the form for a number, by the rules of the language. */
export function plural(locale: string) {
  const rules = new Intl.PluralRules(locale)
  return function choose(count: number, forms: Forms): string {
    return forms[rules.select(count)] ?? forms.other
  }
}
