/** `<li {...classIf(isMost, 'most')}>`: no empty `class` attribute where it doesn't hold. */
export function classIf(holds: unknown, name: string | undefined): { class?: string } {
  return holds && name !== undefined ? { class: name } : {}
}
