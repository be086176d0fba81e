type PagesNavProps = {
  said: { label: string; previous: string; next: string; of: (page: number, pages: number) => string }
  page: number
  pages: number
  hrefOf: (page: number) => string
}

/** Links between the pages of a list. */
export function PagesNav({ said, page, pages, hrefOf }: PagesNavProps) {
  return (
    <nav class="pages" aria-label={said.label}>
      {page > 1 ? (
        <a rel="prev" href={hrefOf(page - 1)}>
          {said.previous}
        </a>
      ) : (
        <span />
      )}
      <span class="quiet">{said.of(page, pages)}</span>
      {page < pages ? (
        <a rel="next" href={hrefOf(page + 1)}>
          {said.next}
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
}
