/** A map of a place, asked for by its words alone. */
export function mapUrl(place: string | null): string | null {
  return place === null ? null : `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`
}
