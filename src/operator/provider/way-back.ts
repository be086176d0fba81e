/** For the day on which the only way of some people does not work. */
export function wayBack(slug: string, name: string): string {
  return `If it stops working: porchlight provider set ${slug} ${name} --no-only. Emailed links then work at once.`
}
