/** @returns `null` where VOMO has neither name */
export function fullName({
  firstName,
  lastName,
}: {
  firstName: string | null
  lastName: string | null
}): string | null {
  return [firstName, lastName].filter((part) => part !== null).join(' ') || null
}
