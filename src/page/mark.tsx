/** The mark: a small lamp in the color of the text beside it. */
export function Lamp() {
  return (
    <svg class="lamp" viewBox="0 0 24 32" width="18" height="24" aria-hidden="true" focusable="false">
      <path
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
        d="M12 1v4M5.5 10.5 12 5l6.5 5.5zM7 10.5 5.5 26h13L17 10.5M8 30h8M12 26v4"
      />
      <path
        class="flame"
        fill="currentColor"
        d="M12 13.5c2.2 2.6 3.1 4 3.1 5.6a3.1 3.1 0 0 1-6.2 0c0-1.6.9-3 3.1-5.6z"
      />
    </svg>
  )
}
